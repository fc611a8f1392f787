"""What stands in people's own calendars: invitations by mail, and feeds that calendar programs read.

An invitation exists once per meeting and person. Its `uid` never changes, its `sequence` grows when time, place or link
change and when it is taken back or given again; `withdrawn_at` says that it was taken back. A feed is read by a random
token that its person can revoke; the public agenda names no person."""
