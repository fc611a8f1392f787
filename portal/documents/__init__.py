"""Facts to bytes: certificates, lists to sign, invitations, codes and CSV files.

Everything here is pure. A caller hands over frozen facts and gets bytes or text back; nothing here knows a table, a
request or the clock, so that the same facts give the same bytes on every machine and in every year.

- ``certificate``: what a certificate says (`CertificateFacts`), as canonical JSON and as an archival, tagged PDF.
- ``attendance_list``: the list of a meeting to print and sign, as the same kind of PDF.
- ``invitation``: calendar objects for invitations, withdrawals and feeds.
- ``codes``: the code by which a certificate is checked.
- ``qr``: QR codes as pictures for pages.
- ``csv_file``: CSV files that a spreadsheet cannot mistake for formulas.
"""
