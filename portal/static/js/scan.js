// Reading somebody's own letters with the camera. What decodes them comes only after the tap; it asks the browser's own
// decoder where there is one.
const button = document.querySelector("[data-scan]");
const video = document.querySelector("[data-camera]");
const told = document.querySelector("[data-told]");
const field = document.querySelector("#letters");

function show(looking, text) {
  button.hidden = looking;
  video.hidden = !looking;
  told.textContent = text;
}

button.hidden = !navigator.mediaDevices;
button.addEventListener("click", async () => {
  show(true, button.dataset.looking);
  try {
    const { default: Scanner } = await import(button.dataset.scan);
    const scanner = new Scanner(
      video,
      ({ data }) => {
        scanner.stop();
        field.value = data;
        field.form.requestSubmit();
      },
      { returnDetailedScanResult: true },
    );
    await scanner.start();
  } catch {
    show(false, button.dataset.refused);
  }
});
