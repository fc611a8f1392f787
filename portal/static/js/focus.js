document.querySelector("[data-error-summary]")?.focus();
