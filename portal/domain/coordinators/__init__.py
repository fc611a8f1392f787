"""Eigen Kracht-coördinators and their pathway: EK-1, conferences, EK-2.

Of a conference the portal holds its date, kind, region and coordinator, and never anything of a family. What somebody
has done here decides, one floor up, whether they may enrol in EK-2."""
