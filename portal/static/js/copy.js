// A button that copies the text of a field. Without script, or when the browser refuses, the text can be selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    text.select();
    await navigator.clipboard.writeText(text.value);
    button.nextElementSibling.textContent = button.dataset.done;
  });
}
