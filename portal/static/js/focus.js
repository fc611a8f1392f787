// A form that came back: its error summary takes the focus, so that it is read first.
document.querySelector("[data-error-summary]")?.focus();
