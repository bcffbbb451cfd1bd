"""SMS and MMS through Twilio, and WhatsApp for hotels that have it through Twilio."""
