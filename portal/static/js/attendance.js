// A list on a trainer's phone: each tap is kept at once, and sent when it can be. See docs/decisions/0015.

import { likelyMinutes, problemOf, stands, tidy } from "./marks.js";
import { openTaps } from "./taps.js";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const [person, root] = ["person", "root"].map((name) => $(`meta[name=leerkring-${name}]`).content);
const { serviceWorker } = navigator;
const list = $("form[data-meeting]");
const { shown, startsAt, endsAt, words } = JSON.parse(list?.dataset.meeting ?? "{}");
const rows = $$("[data-seat]");

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const counted = ([one, several], num) => filled(num === 1 ? one : several, { num });
const field = (row, name) => $(`[name$=-${name}]`, row) ?? { value: "" };
const text = (row, name) => field(row, name).value.trim();
const minutes = (row, name) => (/^\d{0,3}$/.test(text(row, name)) ? Number(text(row, name)) : -1);
const problem = (mark) => problemOf(mark, (endsAt - startsAt) / 60000);
const placeOf = (seat) => `${shown}/${seat}`;

const read = (row) =>
  tidy({
    status: $("[name$=-status]:checked", row)?.value ?? null,
    minutes_late: minutes(row, "minutes_late"),
    minutes_left_early: minutes(row, "minutes_left_early"),
    excuse: text(row, "excuse"),
    preparation_done: !!field(row, "preparation_done").checked,
  });

function show(row, mark) {
  for (const radio of $$("[name$=-status]", row)) radio.checked = radio.value === mark.status;
  for (const name of ["minutes_late", "minutes_left_early", "excuse"]) field(row, name).value = mark[name] || "";
  field(row, "preparation_done").checked = mark.preparation_done;
}

function note(row, state, sentence) {
  row.dataset.state = state;
  $("[data-note]", row).textContent = sentence || (state === "waiting" ? words.waits : "");
}

function tell({ key, state, sentence, mark }) {
  const row = rows.find((row) => row.dataset.key === key);
  if (row) note(row, state, sentence || words[problem(mark)]);
}

async function keep(changed) {
  const taps = changed.map((row) => {
    const [mark, { seat }] = [read(row), row.dataset];
    const [state, key] = [problem(mark) ? "open" : "waiting", crypto.randomUUID()];
    row.dataset.key = key;
    note(row, "new");
    return { place: placeOf(seat), meeting: shown, seat: Number(seat), mark, at: Date.now(), key, state };
  });
  await change(taps, (_, tap) => tap);
  taps.forEach(tell);
  await standing();
  soon(400);
}

function tapped({ target }) {
  const row = target.closest("[data-seat]");
  const guess = { late: "minutes_late", left_early: "minutes_left_early" }[target.value];
  if (guess && !text(row, guess)) field(row, guess).value = likelyMinutes(target.value, Date.now(), startsAt, endsAt) || "";
  return keep([row]);
}

let rest = [];
async function setRest(status) {
  const changed = rest.filter((row) => read(row).status !== status);
  for (const row of changed) show(row, { ...read(row), status });
  await keep(changed);
  $("[data-rest]").hidden = !status;
  $("[data-rest] p").textContent = counted(words.rest, changed.length);
}

async function pressed(event) {
  event.preventDefault();
  const { value } = event.submitter;
  if (value === "rest") {
    rest = rows.filter((row) => !read(row).status);
    return setRest("present");
  }
  await send();
  if (value !== "finish") return;
  if ((await waiting()).length) await send();
  if (rows.some((row) => (row.dataset.state ?? "kept") !== "kept")) say(words.first_send);
  else location.assign(list.dataset.finish);
}

let [timer, token, busy, pause, state] = [0, "", false, 2000, "calm"];

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

async function send() {
  if (busy) return soon(400);
  busy = true;
  const meetings = {};
  for (const tap of await waiting()) (meetings[tap.meeting] ??= []).push(tap);
  if (shown && !document.hidden) meetings[shown] ??= [];
  state = "calm";
  for (const meeting in meetings) if (state === "calm") state = await exchange(meeting, meetings[meeting].slice(0, 100), true);
  busy = false;
  pause = state === "calm" ? 2000 : Math.min(pause * 2, 30_000);
  const left = await standing();
  soon(state === "calm" ? (left ? 400 : 15_000) : pause);
}

async function exchange(meeting, sent, mayRetry) {
  const body = { now: Date.now(), taps: sent.map(({ key, seat, at, mark }) => ({ key, seat, at, ...mark })) };
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token };
  const post = token && { method: "POST", body: JSON.stringify(body) };
  try {
    const response = await fetch(`${root}/bijeenkomsten/${meeting}/presentie/stand`, { headers, ...post });
    const { ok, status } = response;
    if (status === 401) return "signed-out";
    // Another trainer's now.
    if (status === 403 || status === 404) return await settle(sent, () => ({ state: "refused" }));
    if (!ok && status !== 400) return "offline";
    const answer = ok && (await response.json());
    token = answer.csrf ?? "";
    if (!answer || (!post && sent.length)) return mayRetry ? exchange(meeting, sent, !answer) : "offline";
    await settle(sent, ({ key }) => answer.answers[key]);
    if (Number(meeting) === shown) await showAll(answer);
    return "calm";
  } catch {
    return "offline";
  }
}

async function settle(sent, became) {
  await change(sent, (tap, { key }) => {
    if (tap?.key !== key) return tap;
    const settled = { ...tap, ...became(tap) };
    tell(settled);
    return settled;
  });
  return "calm";
}

/** The list as the portal has it, save what is new here or could not be kept. */
async function showAll(answer) {
  const listed = Object.keys(answer.rows).map((seat) => ({ seat: Number(seat), place: placeOf(seat) }));
  await change(listed, (tap, { seat, place }) => {
    const { at, said: sentence, ...mark } = answer.rows[seat];
    const row = $(`[data-seat="${seat}"]`);
    const isNew = [tap?.state, row?.dataset.state].some((state) => ["new", "open", "waiting"].includes(state));
    if (isNew || (tap?.state === "refused" && stands(tap.at, at))) return tap;
    if (row) show(row, mark);
    if (row) note(row, "kept", sentence);
    return at ? { place, meeting: shown, seat, mark, at, state: "kept", sentence } : tap;
  });
  const isOld = answer.state !== list.dataset.state || listed.length !== rows.length;
  if (isOld && !(await waiting()).length) location.reload();
}

const waiting = async () => (await taps.all()).filter((tap) => tap.state === "waiting");

function say(text, place = "[data-sync]") {
  if ($(place).textContent !== text) $(place).textContent = text;
}

async function standing() {
  const left = (await waiting()).length;
  const still = $("[data-left]");
  if (still) {
    const number = (await taps.all()).filter((tap) => tap.state !== "kept").length;
    still.textContent = number ? counted(JSON.parse(still.dataset.left), number) : "";
  }
  if (!list) return left;
  const open = rows.filter((row) => !read(row).status).length;
  const [all, marked] = [rows.length, rows.length - open];
  say(filled(words.done, { marked, all }), "[data-done]");
  say(open ? counted(words.open, open) : words.all, "[data-open]");
  say(`${marked}/${all}`, ".seat-ring-number");
  $$(".seat-ring circle:not([fill])").forEach((dot, at) => dot.setAttribute("class", `seat-ring-${at < marked ? "taken" : "free"}`));
  $("[value=rest]").hidden = !open;
  $("[value=finish]").hidden = Date.now() < endsAt;
  say(left ? counted(words[state], left) : words.kept);
  return left;
}

async function startList() {
  const kept = await taps.all();
  // No waiting from here to the listeners: taps would be lost.
  const early = rows.filter((row) => $$("input", row).some((input) => input.checked !== input.defaultChecked));
  for (const tap of kept) {
    const row = rows.find((row) => placeOf(row.dataset.seat) === tap.place && !early.includes(row));
    if (!row) continue;
    if (tap.state !== "kept" || tap.at > row.dataset.at) show(row, tap.mark);
    row.dataset.key = tap.key;
    tell(tap);
  }
  const undo = document.createElement("button");
  Object.assign(undo, { type: "button", className: "button button--secondary", textContent: words.undo });
  undo.onclick = () => setRest(null);
  $("[data-rest] > div").append(undo);
  list.addEventListener("input", tapped);
  list.addEventListener("submit", pressed);
  $(".sticky-bar [value=save]").hidden = true;
  document.documentElement.classList.add("attendance-live");
  if (early.length) await keep(early);
  await standing();
}

const forget = async (old) => change((await taps.all()).filter(old), () => undefined);

async function signOut(event) {
  event.preventDefault();
  await send();
  const left = (await waiting()).length;
  if (left && !confirm(counted(JSON.parse(event.target.dataset.unsent), left))) return;
  await taps.clear();
  serviceWorker.controller?.postMessage({ leaves: person });
  event.target.submit();
}

const taps = isSecureContext && (await openTaps(`leerkring-${person}`));
const { change } = taps;
if (taps) {
  await forget((tap) => Date.now() - tap.at > 7 * 24 * 3600 * 1000);
  if (list) await startList();
  $("#sign-out").addEventListener("submit", signOut);
  addEventListener("online", () => soon(0));
  document.addEventListener("visibilitychange", () => document.hidden || soon(0));
  await send();
  const finished = $("[data-forget]")?.dataset.forget;
  await forget((tap) => tap.meeting === Number(finished) && tap.state === "kept");
  // sw.js keeps what it sees.
  const claimed = new Promise((done) => (serviceWorker.oncontrollerchange = done));
  await serviceWorker.register("/sw.js");
  if (!serviceWorker.controller) await claimed;
  const pieces = performance.getEntriesByType("resource").map((entry) => entry.name);
  const pages = $$("[data-keep]").map((link) => link.href);
  for (const address of [...pieces.filter((name) => name.includes("/static/")), ...pages, location.href]) fetch(address);
  navigator.storage.persist();
}
