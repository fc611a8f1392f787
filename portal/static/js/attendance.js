// A meeting's list and Vandaag on a trainer's phone. Without this script, or the storage that it needs, the list is a
// plain form. With it every tap is kept on the phone at once, and sent when there is a network.

import { likelyMinutes, problemOf, stands, tidy } from "./marks.js";
import { openTaps } from "./taps.js";

const $ = (selector, within = document) => within.querySelector(selector);
const person = $("meta[name=leerkring-person]").content;
const root = $("meta[name=leerkring-root]").content;
const list = $("form[data-meeting]");
const words = list && JSON.parse(list.dataset.words);
const shown = list && Number(list.dataset.meeting);
const [startsAt, endsAt] = list ? [Number(list.dataset.startsAt), Number(list.dataset.endsAt)] : [];
const rows = [...(list?.querySelectorAll("[data-seat]") ?? [])];

// Words with numbers in them, and one mark in its row

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const counted = ([one, several], num) => filled(num === 1 ? one : several, { num });
const field = (row, name) => $(`[name$=-${name}]`, row);
const minutes = (text) => (/^\d{0,3}$/.test(text) ? Number(text) : -1);
const placeOf = (row) => `${shown}/${row.dataset.seat}`;

function read(row) {
  return tidy({
    status: $("[name$=-status]:checked", row)?.value ?? null,
    minutes_late: minutes(field(row, "minutes_late").value.trim()),
    minutes_left_early: minutes(field(row, "minutes_left_early").value.trim()),
    excuse: field(row, "excuse").value.trim(),
    preparation_done: field(row, "preparation_done")?.checked ?? false,
  });
}

function show(row, mark) {
  for (const radio of row.querySelectorAll("[name$=-status]")) radio.checked = radio.value === mark.status;
  for (const name of ["minutes_late", "minutes_left_early", "excuse"]) field(row, name).value = mark[name] || "";
  if (field(row, "preparation_done")) field(row, "preparation_done").checked = mark.preparation_done;
}

function note(row, state, sentence) {
  row.dataset.state = state;
  $("[data-note]", row).textContent = sentence || (state === "waiting" ? words.waits : "");
}

// Tapping

/** Rows change at once, the phone's storage a moment later. */
async function keep(changed) {
  const at = Date.now();
  const records = new Map();
  for (const row of changed) {
    const mark = read(row);
    const problem = problemOf(mark, (endsAt - startsAt) / 60000);
    const [place, key, state] = [placeOf(row), crypto.randomUUID(), problem ? "open" : "waiting"];
    records.set(place, { place, meeting: shown, seat: Number(row.dataset.seat), mark, at, key, state });
    row.dataset.key = key;
    note(row, state, words[problem]);
  }
  await taps.change(records.keys(), (_, place) => records.get(place));
  await standing();
  soon(400);
}

const busyRow = (row) => ["open", "waiting"].includes(row?.dataset.state);

async function tapped({ target }) {
  const row = target.closest("[data-seat]");
  const guess = { late: "minutes_late", left_early: "minutes_left_early" }[target.value];
  if (guess && !field(row, guess).value) {
    field(row, guess).value = likelyMinutes(target.value, Date.now(), startsAt, endsAt) || "";
  }
  await keep([row]);
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
  if (event.submitter.value === "rest") {
    rest = rows.filter((row) => !read(row).status);
    await setRest("present");
    return;
  }
  await send();
  if (event.submitter.value === "finish") {
    if ((await waiting()).length) await send();
    if (rows.some((row) => row.dataset.state && row.dataset.state !== "kept")) say(words.first_send);
    else location.assign(list.dataset.finish);
  }
}

// Sending: by itself, until it is answered

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
  for (const [meeting, sent] of Object.entries(meetings)) {
    if (state === "calm") state = await exchange(meeting, sent.slice(0, 100), true);
  }
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
    if (response.status === 401) return "signed-out";
    if ([403, 404].includes(response.status)) return refuse(sent);
    if (!response.ok && response.status !== 400) return "offline";
    const answer = response.ok && (await response.json());
    token = answer.csrf ?? "";
    if (!answer || (!post && sent.length)) return mayRetry ? exchange(meeting, sent, Boolean(!answer)) : "offline";
    await answered(Number(meeting), answer, sent);
    return "calm";
  } catch {
    return "offline";
  }
}

async function answered(meeting, answer, sent) {
  const became = new Map(sent.map((tap) => [tap.place, { ...answer.answers[tap.key], key: tap.key }]));
  await taps.change(became.keys(), (tap, place) => {
    const { answer: word, sentence, key } = became.get(place);
    const state = ["kept", "older"].includes(word) ? "kept" : "refused";
    const row = rows.find((row) => row.dataset.key === key);
    if (row) note(row, state, sentence);
    return tap?.key === key ? { ...tap, state, sentence } : tap;
  });
  if (meeting === shown) await showAll(answer);
}

/** Somebody else gives this meeting now: what was tapped stays here, and is not sent again. */
async function refuse(sent) {
  await taps.change(sent.map((tap) => tap.place), (tap) => ({ ...tap, state: "refused" }));
  return "calm";
}

/** The list as the portal has it; what is new here, or could not be kept and was not changed since, stays in sight. */
async function showAll(answer) {
  const here = new Map(rows.map((row) => [placeOf(row), row]));
  const places = Object.keys(answer.rows).map((seat) => `${shown}/${seat}`);
  await taps.change(places, (tap, place) => {
    const seat = Number(place.split("/")[1]);
    const { at, said, ...mark } = answer.rows[seat];
    const row = here.get(place);
    if (busyRow(row) || (tap && (tap.state === "waiting" || tap.state === "open" || (tap.state === "refused" && stands(tap.at, at))))) return tap;
    if (row) show(row, mark);
    if (row) note(row, "kept", said);
    return at ? { place, meeting: shown, seat, mark, at, state: "kept", sentence: said } : tap;
  });
  const isOld = answer.state !== list.dataset.state || places.length !== here.size;
  if (isOld && !(await waiting()).length) location.reload();
}

const waiting = async () => (await taps.all()).filter((tap) => tap.state === "waiting");

function say(text) {
  if ($("[data-sync]").textContent !== text) $("[data-sync]").textContent = text;
}

/** Writes in the bar how far the list is, and returns how many taps wait. */
async function standing() {
  const left = (await waiting()).length;
  const still = $("[data-left]");
  if (still) {
    const number = (await taps.all()).filter((tap) => tap.state !== "kept").length;
    still.textContent = number ? counted(JSON.parse(still.dataset.left), number) : "";
  }
  if (!list) return left;
  const [all, open] = [rows.length, rows.filter((row) => !read(row).status).length];
  $("[data-done]").textContent = filled(words.done, { marked: all - open, all });
  $("[data-open]").textContent = open ? counted(words.open, open) : words.all;
  $(".seat-ring-number").textContent = `${all - open}/${all}`;
  const dots = [...document.querySelectorAll(".seat-ring circle:not([fill])")];
  dots.forEach((dot, at) => dot.setAttribute("class", `seat-ring-${at < all - open ? "taken" : "free"}`));
  $("[value=rest]").hidden = !open;
  $("[value=finish]").hidden = Date.now() < endsAt;
  say(left ? counted(words[state], left) : words.kept);
  return left;
}

// Beginning and leaving

async function startList() {
  document.documentElement.classList.add("attendance-live");
  $(".sticky-bar [value=save]").hidden = true;
  const kept = new Map((await taps.all()).map((tap) => [tap.place, tap]));
  const early = rows.filter((row) => [...row.querySelectorAll("input")].some((input) => input.checked !== input.defaultChecked));
  for (const row of rows.filter((row) => !early.includes(row))) {
    const tap = kept.get(placeOf(row));
    if (tap && (tap.state !== "kept" || tap.at > row.dataset.at)) show(row, tap.mark);
    if (!tap) continue;
    row.dataset.key = tap.key;
    note(row, tap.state, tap.sentence || words[problemOf(tap.mark, (endsAt - startsAt) / 60000)]);
  }
  const undo = document.createElement("button");
  Object.assign(undo, { type: "button", className: "button button--secondary", textContent: words.undo });
  undo.onclick = () => setRest(null);
  $("[data-rest] > div").append(undo);
  list.addEventListener("input", tapped);
  list.addEventListener("submit", pressed);
  if (early.length) await keep(early);
  await standing();
}

async function forget(old) {
  await taps.change((await taps.all()).filter(old).map((tap) => tap.place), () => undefined);
}

async function signOut(event) {
  event.preventDefault();
  await send();
  const left = (await waiting()).length;
  if (left && !confirm(counted(JSON.parse(event.target.dataset.unsent), left))) return;
  await taps.clear();
  navigator.serviceWorker.controller?.postMessage({ leaves: person });
  event.target.submit();
}

// Outside a secure context there is no storage to rely on: the list stays a form.
const taps = isSecureContext && (await openTaps(`leerkring-${person}`));
if (taps) {
  await forget((tap) => Date.now() - tap.at > 7 * 24 * 3600 * 1000);
  if (list) await startList();
  $("#sign-out").addEventListener("submit", signOut);
  addEventListener("online", () => soon(0));
  document.addEventListener("visibilitychange", () => document.hidden || soon(0));
  await send();
  const finished = $("[data-forget]")?.dataset.forget;
  if (finished) await forget((tap) => tap.meeting === Number(finished) && tap.state === "kept");
  // Through the worker script, which keeps them: today's lists, this page, and what they are made of.
  await navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready);
  const pieces = performance.getEntriesByType("resource").map((entry) => entry.name);
  const pages = [...document.querySelectorAll("[data-keep]")].map((link) => link.href);
  for (const address of [...pieces.filter((name) => name.includes("/static/")), ...pages, location.href]) fetch(address);
  navigator.storage.persist();
}
