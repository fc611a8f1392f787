// Moves the focus to what the page asks attention for: the error summary, after a form came back.
document.querySelector("[data-focus]")?.focus();
