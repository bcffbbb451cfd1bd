"""E-mail: Gmail by push, or any mail server by IMAP and SMTP. One parser, one writer, two kinds of mailbox."""
