"""What the hotel gets out of it."""

from deploy.observability.dashboards.panel import Dashboard, Panel, Query

DASHBOARD = Dashboard(
    uid="business",
    title="Agente Hotelero / Business",
    description="What guests want, what they book, and when a person has to step in.",
    rows=(
        (
            "Guests",
            (
                Panel(
                    title="Turns by channel",
                    description="Guests' turns an hour by channel.",
                    unit="short",
                    queries=(Query("sum by (channel) (increase(guest_interactions_total[1h]))", "{{channel}}"),),
                ),
                Panel(
                    title="Turns by intent",
                    description="Guests' turns an hour by what they were about first.",
                    unit="short",
                    queries=(Query("sum by (intent) (increase(guest_interactions_total[1h]))", "{{intent}}"),),
                ),
                Panel(
                    title="Handed to a person",
                    description="Conversations an hour that were given to staff, by desk and reason.",
                    unit="short",
                    queries=(
                        Query(
                            "sum by (desk, reason) (increase(hotel_orchestrator_handoffs_total[1h]))",
                            "{{desk}}: {{reason}}",
                        ),
                    ),
                ),
                Panel(
                    title="Contained",
                    description="Of a hundred guests' turns, over a day, those after which no person has the"
                    " conversation. Read it with the next.",
                    unit="percent",
                    queries=(
                        Query(
                            '100 * sum(increase(hotel_orchestrator_guest_turns_total{held_by="receptionist"}[1d]))'
                            " / sum(increase(hotel_orchestrator_guest_turns_total[1d]))",
                            "contained",
                        ),
                    ),
                ),
                Panel(
                    title="Answers in doubt",
                    description="Of a hundred guests' turns, over a day, those that speak against an answer: nothing"
                    " was understood, or a person is wanted.",
                    unit="percent",
                    queries=(
                        Query(
                            "100 * sum by (sign) (increase(hotel_orchestrator_doubted_answers_total[1d]))"
                            " / scalar(sum(increase(hotel_orchestrator_guest_turns_total[1d])))",
                            "{{sign}}",
                        ),
                    ),
                ),
            ),
        ),
        (
            "Sales",
            (
                Panel(
                    title="Reservations",
                    description="Reservations made an hour, by room type.",
                    unit="short",
                    queries=(Query("sum by (room_type) (increase(reservations_created_total[1h]))", "{{room_type}}"),),
                ),
                Panel(
                    title="Reservations for a hundred turns",
                    description="How many of a hundred turns ended in a reservation, over a day.",
                    unit="short",
                    queries=(
                        Query(
                            "100 * sum(increase(reservations_created_total[1d]))"
                            " / sum(increase(guest_interactions_total[1d]))",
                            "reservations",
                        ),
                    ),
                ),
                Panel(
                    title="Holds",
                    description="Rooms kept off sale for guests who think it over, and holds that ran out an hour.",
                    unit="short",
                    queries=(
                        Query("max(hotel_pms_holds_open)", "open"),
                        Query("sum(increase(hotel_pms_holds_expired_total[1h]))", "ran out"),
                    ),
                ),
                Panel(
                    title="Nights priced by demand",
                    description="Nights an hour told at another price than the list's.",
                    unit="short",
                    queries=(Query("sum(increase(hotel_pms_nights_priced_by_demand_total[1h]))", "nights"),),
                ),
                Panel(
                    title="Messages of our own accord",
                    description="What was done because of the time, an hour, by kind.",
                    unit="short",
                    queries=(Query("sum by (kind) (increase(hotel_orchestrator_scheduled_total[1h]))", "{{kind}}"),),
                ),
                Panel(
                    title="Replies held back",
                    description="Replies in which a figure had no source; the guest was given to a person.",
                    unit="short",
                    queries=(
                        Query(
                            "sum by (template) (increase(hotel_orchestrator_unproven_replies_total[1h]))",
                            "{{template}}",
                        ),
                    ),
                    limit=1,
                ),
            ),
        ),
    ),
)
