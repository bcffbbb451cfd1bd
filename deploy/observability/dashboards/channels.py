"""What comes in and what goes out."""

from deploy.observability.dashboards.panel import Dashboard, Panel, Query, percentile

DASHBOARD = Dashboard(
    uid="channels",
    title="Agente Hotelero / Channels",
    description="Webhooks, the inbox, the outbox, and what the channels say to our messages.",
    rows=(
        (
            "In",
            (
                Panel(
                    title="Messages in webhooks",
                    description="New ones, and ones that came again and were left alone.",
                    unit="cps",
                    queries=(
                        Query(
                            "sum by (channel, kind) (rate(hotel_gateway_webhook_messages_total[5m]))",
                            "{{channel}} {{kind}}",
                        ),
                    ),
                ),
                Panel(
                    title="Time of a webhook",
                    description="95 of a hundred are stored and answered within this time.",
                    unit="s",
                    queries=(
                        Query(
                            percentile("webhook_processing_time", "channel"),
                            "{{channel}}",
                        ),
                    ),
                ),
                Panel(
                    title="Webhooks refused",
                    description="By reason; a burst of signature mismatches is a changed secret or an attacker.",
                    unit="reqps",
                    queries=(
                        Query(
                            "sum by (channel, reason) (rate(hotel_gateway_webhook_refusals_total[5m]))",
                            "{{channel}}: {{reason}}",
                        ),
                    ),
                ),
                Panel(
                    title="Inbox",
                    description="Messages no turn has taken, and turns in work. Replicas tell the same.",
                    unit="short",
                    queries=(
                        Query("max(hotel_gateway_inbox_pending_messages)", "pending messages"),
                        Query("max(hotel_gateway_inbox_open_turns)", "open turns"),
                        Query("max(hotel_gateway_inbox_parked_turns)", "parked turns"),
                    ),
                ),
                Panel(
                    title="Wait for a turn",
                    description="From a turn's last message to its first claim: 95 of a hundred wait at most so long.",
                    unit="s",
                    queries=(
                        Query(
                            percentile("hotel_gateway_turn_wait_seconds"),
                            "p95",
                        ),
                    ),
                ),
                Panel(
                    title="Chat pages",
                    description="Chat pages listening.",
                    unit="short",
                    queries=(Query("sum(hotel_gateway_chat_streams)", "streams"),),
                ),
            ),
        ),
        (
            "Out",
            (
                Panel(
                    title="Sends",
                    description="Tries of sending by how they ended.",
                    unit="cps",
                    queries=(
                        Query(
                            "sum by (channel, outcome) (rate(hotel_gateway_sends_total[5m]))", "{{channel}} {{outcome}}"
                        ),
                    ),
                ),
                Panel(
                    title="From the outbox to the channel",
                    description="95 of a hundred messages are accepted by the channel within this time.",
                    unit="s",
                    queries=(
                        Query(
                            percentile("hotel_gateway_send_wait_seconds", "channel"),
                            "{{channel}}",
                        ),
                    ),
                ),
                Panel(
                    title="Refusals",
                    description="By the channel's own code, and what we do about it.",
                    unit="cps",
                    queries=(
                        Query(
                            "sum by (channel, code, advice) (rate(hotel_gateway_send_refusals_total[5m]))",
                            "{{channel}} {{code}}: {{advice}}",
                        ),
                    ),
                ),
                Panel(
                    title="Outbox",
                    description="Messages by state. Replicas tell the same.",
                    unit="short",
                    queries=(Query("max by (state) (hotel_gateway_outbox_messages)", "{{state}}"),),
                ),
                Panel(
                    title="Graph API",
                    description="95 of a hundred answers of WhatsApp's API come within this time.",
                    unit="s",
                    queries=(
                        Query(
                            percentile("hotel_gateway_graph_seconds"),
                            "p95",
                        ),
                    ),
                ),
                Panel(
                    title="Over a limit",
                    description="What was refused or made to wait, by tier of limit.",
                    unit="cps",
                    queries=(Query("sum by (tier) (rate(hotel_gateway_rate_limited_total[5m]))", "{{tier}}"),),
                ),
            ),
        ),
    ),
)
