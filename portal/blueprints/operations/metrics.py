"""Numbers about this process and the outbox, in Prometheus' text format. No names, no addresses."""

import os
import threading
from collections import Counter

from flask import Blueprint, Response

from portal import clock, heartbeat
from portal.mail import queries

answers: Counter[str] = Counter()
counting = threading.Lock()


def count_answers(blueprint: Blueprint) -> None:
    """Counts every answer of this process by the first digit of its status."""

    @blueprint.after_app_request
    def count(response: Response) -> Response:
        with counting:
            answers[f"{response.status_code // 100}xx"] += 1
        return response


def exposition() -> str:
    """All metrics. Each server process counts its own answers and says which it is, so sums over them are right."""
    process = os.getpid()
    lines = ["# HELP portal_responses_total Answers by class of status.", "# TYPE portal_responses_total counter"]
    with counting:
        lines += [f'portal_responses_total{{status="{k}",process="{process}"}} {n}' for k, n in sorted(answers.items())]
    lines += ["# HELP portal_outbox_mails Mails by state.", "# TYPE portal_outbox_mails gauge"]
    lines += [f'portal_outbox_mails{{state="{state}"}} {n}' for state, n in queries.count_mails_by_state().items()]
    beat_at = heartbeat.last_beat()
    if beat_at is not None:
        lines += [
            "# HELP portal_worker_heartbeat_age_seconds Seconds since a worker last said that it lives.",
            "# TYPE portal_worker_heartbeat_age_seconds gauge",
            f"portal_worker_heartbeat_age_seconds {(clock.now() - beat_at).total_seconds():.1f}",
        ]
    return "\n".join([*lines, ""])
