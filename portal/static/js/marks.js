// The rules of domain/attendance/rules.py; tests/vectors/marks.json holds both to the same.

export function tidy(mark) {
  const partly = ["late", "left_early"].includes(mark.status);
  return { ...mark, ...(partly ? {} : { minutes_late: 0, minutes_left_early: 0 }), excuse: mark.status === "excused" ? mark.excuse : "" };
}

export function problemOf({ status, minutes_late: late, minutes_left_early: early, excuse }, lasts) {
  if (late < 0 || early < 0) return "minutes_below_zero";
  if (status === "late" && !late) return "minutes_late_missing";
  if (status === "left_early" && !early) return "minutes_left_early_missing";
  if (late + early >= lasts) return "whole_meeting_missed";
  return [...excuse].length > 200 ? "excuse_too_long" : null;
}

export const stands = (at, changedAt) => at >= changedAt;

/** What a choice made now most likely means; 0 when there is no telling. */
export function likelyMinutes(status, now, startsAt, endsAt) {
  const minutes = Math.ceil((status === "late" ? now - startsAt : endsAt - now) / 60000);
  return minutes > 0 && minutes <= 90 && minutes * 60000 < endsAt - startsAt ? minutes : 0;
}
