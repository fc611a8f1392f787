"""What stands in people's own calendars: invitations by mail, and feeds that calendar programs read.

An invitation exists once per meeting and person. Its `uid` never changes, its `sequence` grows with every mail that
goes out about it, and `withdrawn_at` says that it was taken back; who enrols again gets the same event with a higher
sequence. A feed is read by a random token that its person can revoke; the public agenda names no person."""
