/* Reads a calendar and lets libical say what is wrong with it: what it cannot parse, and what RFC 5545 and 5546 ask of
   each METHOD (icalrestriction_check). Writes the calendar as libical understood it, its complaints as X-LIC-ERROR. */
#include <libical/ical.h>
#include <stdio.h>

int main(void) {
    static char text[1 << 24];
    text[fread(text, 1, sizeof text - 1, stdin)] = 0;
    icalcomponent *calendar = icalparser_parse_string(text);
    if (calendar == NULL) return 2;
    int fine = icalrestriction_check(calendar) && icalcomponent_count_errors(calendar) == 0;
    puts(icalcomponent_as_ical_string(calendar));
    return fine ? 0 : 1;
}
