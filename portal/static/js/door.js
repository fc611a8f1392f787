// The code at the door: while it is looked at, asks for the code of this minute and for how many are in.
const image = document.querySelector("[data-code]");
const count = document.querySelector("[data-count]");

setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(image.dataset.code, { headers: { Accept: "application/json" } });
    if (answer.status >= 500) throw answer;
    if (!answer.ok) return location.reload();
    const now = await answer.json();
    image.src = now.image;
    if (count.textContent !== now.count) count.textContent = now.count;
  } catch {
    count.textContent = count.dataset.offline;
  }
}, 5000);
