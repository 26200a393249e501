// The review page in the browser. Keys and clicks change the page at once; every change is an action that goes into an
// outbox in local storage first and leaves it when the server has answered. So nothing typed is lost: not by a killed
// server, not by a closed tab, not by a page that was parsed again.
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const csrf = $("meta[name=csrf]").content;

function words(key, values = {}) {
  const text = $("#words").dataset[key.replace(/_(.)/g, (_, letter) => letter.toUpperCase())];
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// --- The outbox -----------------------------------------------------------------------------------------------------

// One for each item. An entry is what the server gets, with blocks by key ("digest:occurrence") instead of number, so
// that it still fits when the page was parsed again. `send` runs one entry at a time, in order.
class Outbox {
  constructor(config, onAnswer) {
    this.config = config;
    this.onAnswer = onAnswer;
    this.name = `zhnews:${config.post}`;
    this.entries = JSON.parse(localStorage.getItem(this.name) || "[]");
    this.seen = config.seen;
    this.sending = false;
    this.stopped = false;
  }

  add(entry) {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    entry.action = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    this.entries.push(entry);
    this.keep();
    show_saved("saving");
    this.send();
  }

  keep() {
    if (this.entries.length) localStorage.setItem(this.name, JSON.stringify(this.entries));
    else localStorage.removeItem(this.name);
  }

  async send() {
    if (this.sending || this.stopped) return;
    this.sending = true;
    while (this.entries.length && !this.stopped) {
      const entry = this.entries[0];
      let response;
      try {
        response = await fetch(this.config.post, {
          method: "POST",
          headers: { "content-type": "application/json", "x-csrf": csrf },
          body: JSON.stringify({
            version: this.config.version, seen: this.seen, action: entry.action, kind: entry.kind,
            value: entry.value || "", blocks: (entry.keys || []).map(number_of).filter((number) => number !== null),
          }),
        });
      } catch {
        show_banner(words("offline"), false);
        await new Promise((done) => setTimeout(done, 1000));
        continue;
      }
      if (response.status >= 500) {
        show_banner(words("offline"), false);
        await new Promise((done) => setTimeout(done, 3000));
        continue;
      }
      if (!response.ok) {
        this.refuse(response.status, await response.text());
        break;
      }
      const answer = await response.json();
      hide_banner();
      this.seen = answer.seen;
      this.entries.shift();
      this.keep();
      show_saved(this.entries.length ? "saving" : "saved");
      this.onAnswer(entry, answer);
    }
    this.sending = false;
  }

  refuse(status, text) {
    this.stopped = true;
    show_saved("");
    if (status === 409 || status === 404) show_banner(text, true);
    else if (status === 401 || status === 403) show_banner(words("signed_out"), true);
    else {
      // It would be refused for ever: let it go, and say so.
      this.entries.shift();
      this.keep();
      show_banner(`${words("refused")} ${status} ${text}`, true);
    }
  }
}

function show_banner(text, reload) {
  const banner = $("#banner");
  $("span", banner).textContent = text;
  $("button", banner).hidden = !reload;
  banner.hidden = false;
}

function hide_banner() {
  $("#banner").hidden = true;
}

function show_saved(key) {
  $("#saved").textContent = key && words(key);
}

function number_of(key) {
  const block = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return block ? Number(block.dataset.number) : null;
}

// --- Keys -----------------------------------------------------------------------------------------------------------

// True when a key is none of ours: an input method is composing (Chrome and Safari end a composition with a key that
// says so only by its code 229), somebody is typing, or it is the browser's own shortcut.
function not_ours(event) {
  if (event.isComposing || event.keyCode === 229 || event.key === "Process") return true;
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if ($("dialog[open]")) return true;
  return event.target.matches("input, textarea, select, [contenteditable]");
}

// --- What every mode has --------------------------------------------------------------------------------------------

// Buttons and keys of an item: accept, skip, undo, comment, broken, help; `more.doing` adds buttons, `more.keys` adds keys,
// `more.other(key)` hears keys that are neither, and `more.answered(entry, answer)` what the server says.
function start_desk(config, more) {
  let leaving = false;
  const outbox = new Outbox(config, (entry, answer) => {
    more.answered(entry, answer);
    if (entry.kind === "accept" || entry.kind === "skip") location.assign(config.next);
  });

  function leave(kind) {
    if (leaving || (kind === "accept" && more.ready && !more.ready())) return;
    leaving = true;
    outbox.add({ kind });
  }

  const doing = {
    accept: () => leave("accept"),
    skip: () => leave("skip"),
    undo: () => outbox.add({ kind: "undo" }),
    help: () => $("#help").showModal(),
    reload: () => location.reload(),
    broken: () => {
      const button = $("[data-do=broken]");
      const broken = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(broken));
      outbox.add({ kind: "broken", value: broken ? "1" : "0" });
    },
    comment: () => {
      $("#comment").showModal();
      $("#comment-text").focus();
    },
    ...more.doing,
  };
  const keys = {
    Enter: doing.accept, u: doing.undo, s: doing.skip, b: doing.broken, c: doing.comment, "?": doing.help, ...more.keys,
  };

  document.addEventListener("keydown", (event) => {
    if (not_ours(event) || leaving) return;
    if (event.target.matches("button, a") && (event.key === "Enter" || event.key === " ")) return;
    const key = event.key.length === 1 ? event.key.normalize("NFKC") : event.key; // １ is 1
    const act = keys[key.length === 1 ? key.toLowerCase() : key];
    if (!act && !more.other(key, event)) return;
    if (act && "sbc".includes(key.toLowerCase()) && !$("[data-do=skip]")) return; // an adjudicator has none
    event.preventDefault();
    if (act) act(event);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) doing[button.dataset.do](button);
    if (button && !$("dialog[open]")) more.focus();
  });

  const draft = $("#comment-text");
  const draftName = `zhnews:draft:${config.post}`;
  draft.value = localStorage.getItem(draftName) || "";
  draft.addEventListener("input", () => localStorage.setItem(draftName, draft.value));
  $("#comment").addEventListener("close", () => {
    if ($("#comment").returnValue !== "save" || !draft.value.trim()) return;
    outbox.add({ kind: "comment", value: draft.value.trim() });
    draft.value = "";
    localStorage.removeItem(draftName);
  });
  return outbox;
}

// --- Block mode -----------------------------------------------------------------------------------------------------

function start_blocks(config) {
  const list = $("#blocks");
  const blocks = $$(".block");
  const names = $("#role-names").dataset;
  const roleOfKey = Object.fromEntries($$("[data-set]").map((b) => [$("kbd", b).textContent, b.dataset.set]));
  const copies = new Map(); // number of a block → its copies further down
  for (const block of blocks) {
    const first = block.dataset.copy;
    if (first) copies.set(Number(first), [...(copies.get(Number(first)) || []), block]);
  }
  let cursor = 0;
  let anchor = 0;
  let reasons = {};

  const folded = (block) => block.closest(".copy") && !block.closest(".copy").classList.contains("open");
  const reachable = () => blocks.filter((block) => !folded(block));
  const selected = () => {
    const [low, high] = cursor < anchor ? [cursor, anchor] : [anchor, cursor];
    return reachable().filter((block) => low <= block.dataset.number && block.dataset.number <= high);
  };

  function paint(block, role) {
    block.classList.remove(`role-${block.dataset.role}`);
    block.dataset.role = role;
    block.classList.add(`role-${role}`);
    block.classList.toggle("changed", role !== block.dataset.auto);
    $(".chip", block).textContent = names[role] || "·";
  }

  function move(to, extend = false, scroll = true) {
    for (const block of $$(".here, .picked", list)) {
      block.classList.remove("here", "picked");
      block.setAttribute("aria-selected", "false");
    }
    cursor = to;
    if (!extend) anchor = to;
    for (const block of selected()) {
      block.classList.add("picked");
      block.setAttribute("aria-selected", "true");
    }
    const here = blocks[cursor];
    here.classList.add("here");
    list.setAttribute("aria-activedescendant", here.id);
    if (scroll) here.scrollIntoView({ block: "nearest" });
    describe(here);
  }

  function step(by, extend) {
    const steps = reachable();
    const at = steps.indexOf(blocks[cursor]);
    const next = steps[Math.min(Math.max(at + by, 0), steps.length - 1)];
    move(Number(next.dataset.number), extend);
  }

  function describe(block) {
    const data = block.dataset;
    const parts = [];
    if (data.auto) parts.push(`${words("automatic")} ${names[data.auto]} ${Math.round(data.score * 100)}%`);
    parts.push(`${words("from")} ${$("#origin-names").dataset[data.origin]}`);
    const why = reasons[data.number];
    if (why) {
      const percent = ([role, score]) => `${names[role]} ${Math.round(score * 100)}%`;
      parts.push(`${words("else")} ${why.alternatives.map(percent).join(" ")}`);
      parts.push(`${words("by_rule")} ${percent(why.rule)}`);
      parts.push(`${words("speaks")} ${why.features.map(([name, weight]) => `${name} ${weight}`).join(" ")}`);
    }
    if (data.tag) parts.push(data.tag);
    if (data.hidden) parts.push(words("hidden"));
    $("#detail").textContent = parts.join(" · ");
    for (const button of $$("[data-set]")) button.classList.toggle("current", button.dataset.set === data.role);
  }

  function give(role) {
    const picked = selected();
    const all = new Set(picked);
    // What is folded away follows what it is a copy of.
    for (const block of picked) {
      for (const copy of copies.get(Number(block.dataset.number)) || []) if (folded(copy)) all.add(copy);
    }
    for (const block of all) paint(block, role);
    outbox.add({ kind: "role", value: role, keys: [...all].map((block) => block.dataset.key) });
    if (picked.length === 1) step(1, false);
    else move(cursor);
  }

  function find(text, onwards) {
    const steps = reachable();
    const wanted = text.normalize("NFKC").toLowerCase();
    const start = steps.indexOf(blocks[cursor]) + (onwards ? 1 : 0);
    for (let i = 0; wanted && i < steps.length; i++) {
      const block = steps[(start + i) % steps.length];
      if ($(".text", block).textContent.normalize("NFKC").toLowerCase().includes(wanted)) {
        move(Number(block.dataset.number));
        $("#search").removeAttribute("aria-invalid");
        return;
      }
    }
    $("#search").setAttribute("aria-invalid", wanted ? "true" : "false");
  }

  const doing = {
    copy: (target) => {
      const copy = (target && target.closest(".copy")) || blocks[cursor].closest(".copy") || $(".copy");
      if (!copy) return;
      copy.classList.toggle("open");
      if (folded(blocks[cursor])) step(-1, false);
    },
    original: () => {
      const button = $("[data-do=original]");
      const frame = $("#original");
      frame.hidden = !frame.hidden;
      if (!frame.src) frame.src = button.dataset.src;
      $(".desk").classList.toggle("split", !frame.hidden);
      button.setAttribute("aria-pressed", String(!frame.hidden));
      localStorage.setItem("zhnews:original", frame.hidden ? "" : "1");
    },
    doubt: () => {
      const doubtful = reachable().filter((block) => block.classList.contains("doubtful"));
      const next = doubtful.find((block) => Number(block.dataset.number) > cursor) || doubtful[0];
      if (next) move(Number(next.dataset.number));
    },
  };

  const keys = {
    j: (event) => step(1, event.shiftKey), ArrowDown: (event) => step(1, event.shiftKey),
    k: (event) => step(-1, event.shiftKey), ArrowUp: (event) => step(-1, event.shiftKey),
    Home: (event) => step(-blocks.length, event.shiftKey), End: (event) => step(blocks.length, event.shiftKey),
    x: () => doing.copy(), n: doing.doubt, o: doing.original, "/": () => $("#search").focus(),
    Escape: () => move(cursor),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set]");
    if (button) give(button.dataset.set);
    if (button) list.focus({ preventScroll: true });
  });

  let dragging = false;
  list.addEventListener("pointerdown", (event) => {
    const block = event.target.closest(".block");
    if (!block || event.button) return;
    dragging = event.pointerType === "mouse";
    move(Number(block.dataset.number), event.shiftKey, false);
  });
  list.addEventListener("pointermove", (event) => {
    const block = dragging && event.target.closest(".block");
    if (block && Number(block.dataset.number) !== cursor) {
      getSelection().removeAllRanges();
      move(Number(block.dataset.number), true, false);
    }
  });
  document.addEventListener("pointerup", () => { dragging = false; });

  const search = $("#search");
  search.addEventListener("input", () => find(search.value, false));
  search.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") find(search.value, true);
    else if (event.key === "Escape") list.focus();
    else return;
    event.preventDefault();
  });

  const outbox = start_desk(config, {
    doing,
    keys,
    focus: () => list.focus({ preventScroll: true }),
    other: (key) => roleOfKey[key] && (give(roleOfKey[key]), true),
    answered: (entry, answer) => {
      if (entry.kind !== "undo" || !answer.roles) return;
      answer.roles.forEach((role, number) => role !== blocks[number].dataset.role && paint(blocks[number], role));
      describe(blocks[cursor]);
    },
  });

  // What was left in the outbox when the page was closed, or when it had changed, is shown and sent again.
  const left = outbox.entries;
  const lost = left.flatMap((entry) => (entry.keys || []).filter((key) => number_of(key) === null));
  for (const entry of left) {
    for (const key of entry.kind === "role" ? entry.keys : []) {
      const number = number_of(key);
      if (number !== null) {
        paint(blocks[number], entry.value);
        blocks[number].classList.add("restored");
      }
    }
  }
  outbox.entries = left.filter((entry) => entry.kind !== "role" || entry.keys.some((key) => number_of(key) !== null));
  outbox.keep();
  if (lost.length) show_banner(words("lost_lines", { n: lost.length }), false);
  if (outbox.entries.length) show_saved("saving");
  outbox.send();

  if (localStorage.getItem("zhnews:original")) doing.original();
  // Begin at the first doubtful line, unless that would hide the top of the page.
  const doubtful = blocks.find((block) => block.classList.contains("doubtful"));
  const inView = doubtful && doubtful.getBoundingClientRect().bottom < list.getBoundingClientRect().bottom;
  move(inView ? Number(doubtful.dataset.number) : 0, false, false);
  list.focus({ preventScroll: true });
  fetch($("[data-reasons]").dataset.reasons).then((answer) => answer.json()).then((found) => {
    reasons = found;
    describe(blocks[cursor]);
  }, () => {}); // a help, not a need
}

// --- Sentence mode --------------------------------------------------------------------------------------------------

// The server owns the spans and the text: the browser says which sentence and how many characters into it, and shows what
// comes back. A caret inside the current sentence says where it would be cut.
function start_sentences(config) {
  const sheet = $("#sentences");
  let cursor = 0;
  let caret = null; // characters into the sentence, null for none

  const sentences = () => $$(".sentence", sheet);
  const characters = () => [...sentences()[cursor].textContent];

  function show() {
    const all = sentences();
    cursor = Math.min(cursor, all.length - 1);
    for (const sentence of all) {
      const here = Number(sentence.dataset.n) === cursor;
      sentence.classList.toggle("here", here);
      const text = sentence.textContent;
      if (here && caret !== null) {
        const mark = document.createElement("i");
        mark.className = "caret";
        const before = [...text].slice(0, caret).join("");
        sentence.replaceChildren(before, mark, text.slice(before.length));
      } else sentence.textContent = text;
      if (here) sentence.scrollIntoView({ block: "nearest" });
    }
  }

  function step(by) {
    cursor = Math.max(0, Math.min(cursor + by, sentences().length - 1));
    caret = null;
    show();
  }

  function slide(by) {
    const length = characters().length;
    const from = caret === null ? (by > 0 ? 0 : length) : caret;
    caret = Math.max(1, Math.min(from + by, length - 1));
    show();
  }

  const change = (value) => outbox.add({ kind: "spans", value });
  const doing = {
    split: () => caret !== null && change(`split ${cursor} ${caret}`),
    join: () => change(`join ${cursor} 0`),
    left: () => change(`move ${cursor} -1`),
    right: () => change(`move ${cursor} 1`),
  };
  const outbox = start_desk(config, {
    doing,
    keys: {
      j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
      l: () => slide(1), ArrowRight: () => slide(1), h: () => slide(-1), ArrowLeft: () => slide(-1),
      " ": doing.split, m: doing.join, "[": doing.left, "]": doing.right,
    },
    focus: () => sheet.focus({ preventScroll: true }),
    other: () => false,
    answered: (entry, answer) => {
      if (!answer.html) return;
      sheet.innerHTML = answer.html; // our own, every text in it escaped
      caret = null;
      show();
    },
  });

  sheet.addEventListener("click", (event) => {
    const sentence = event.target.closest(".sentence");
    if (!sentence) return;
    cursor = Number(sentence.dataset.n);
    const at = document.caretPositionFromPoint
      ? document.caretPositionFromPoint(event.clientX, event.clientY)
      : document.caretRangeFromPoint(event.clientX, event.clientY);
    const node = at && (at.offsetNode || at.startContainer);
    caret = null;
    if (node && sentence.contains(node)) {
      const before = document.createRange();
      before.setStart(sentence, 0);
      before.setEnd(node, at.offset ?? at.startOffset);
      const count = [...before.toString()].length;
      if (count > 0 && count < characters().length) caret = count;
    }
    show();
  });

  outbox.send();
  show();
  sheet.focus({ preventScroll: true });
}

// --- Pair mode ------------------------------------------------------------------------------------------------------

function start_pair(config) {
  const buttons = $$("[data-verdict]");
  const choice = () => buttons.find((button) => button.getAttribute("aria-pressed") === "true");

  function show(verdict) {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
  }

  function give(verdict) {
    show(verdict);
    outbox.add({ kind: "verdict", value: verdict });
  }

  const outbox = start_desk(config, {
    doing: {},
    keys: Object.fromEntries(buttons.map((button) => [$("kbd", button).textContent, () => give(button.dataset.verdict)])),
    focus: () => $("#pair").focus({ preventScroll: true }),
    other: () => false,
    ready: () => Boolean(choice()), // there is no automatic verdict to accept
    answered: (entry, answer) => entry.kind === "undo" && show(answer.verdict),
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-verdict]");
    if (button) give(button.dataset.verdict);
  });
  outbox.send();
  $("#pair").focus({ preventScroll: true });
}

const config = $("#config") && JSON.parse($("#config").textContent);
if ($("#blocks")) start_blocks(config);
else if ($("#sentences")) start_sentences(config);
else if ($("#pair")) start_pair(config);
