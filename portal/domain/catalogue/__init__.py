"""What is on offer: registers, courses with their modules and accreditations, editions with their meetings.

A course outlives its accreditations; an edition gives a course once, to one group, in meetings that each teach one
module. An edition is a draft until the office publishes it; then people can enrol, and its meetings and its end are
no longer this area's alone (see enrolment). `commands` changes courses and takes in a catalogue file, `editions` plans
editions, `queries` reads for pages, `rules` does the arithmetic of points, prices and seats."""
