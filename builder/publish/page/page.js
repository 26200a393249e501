// Without this script every sample is shown, one below the other, and nothing is lost.
"use strict";
const samples = [...document.querySelectorAll(".sample")];
const choose = document.getElementById("choose");
let shown = 0;

function show(number) {
  shown = (number + samples.length) % samples.length;
  samples.forEach((sample, i) => { sample.hidden = i !== shown; });
  choose.value = String(shown);
}

samples.forEach((sample, i) => {
  const title = sample.querySelector("h3").textContent;
  choose.append(new Option(`${i + 1}. ${title}`, String(i)));
});
choose.addEventListener("change", () => show(Number(choose.value)));
document.getElementById("previous").addEventListener("click", () => show(shown - 1));
document.getElementById("next").addEventListener("click", () => show(shown + 1));
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.target === choose) return;
  if (event.key === "j") show(shown + 1);
  if (event.key === "k") show(shown - 1);
});

for (const button of document.querySelectorAll(".roles button")) {
  button.addEventListener("click", () => {
    const visible = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(visible));
    for (const block of document.querySelectorAll(`.block[data-role="${button.dataset.role}"]`)) block.hidden = !visible;
  });
}

document.getElementById("language").addEventListener("click", () => {
  const root = document.documentElement;
  root.dataset.lang = root.dataset.lang === "zh" ? "en" : "zh";
  root.lang = root.dataset.lang;
});

if (samples.length) show(0);
