"""Trainings made to measure for one client.

Somebody asks; the office finds the client, plans a closed edition and gives the asker the client's own pages, where
they enter who takes part. A request is requested, then planned or declined."""
