"""The evaluation of an edition: its questions for who was there, and what came back for the staff and trainers."""

from portal.blueprints.quality import answering, results

blueprints = (answering.blueprint, results.blueprint)
