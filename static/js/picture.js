// The receipt as a picture: what it says, line by line, and the code that a telephone scans. The button appears only
// where this works; nothing leaves the browser.
const WIDTH = 720;
const EDGE = 48;
const FACE = '"Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const QR = 300;

const ticket = document.querySelector(".ticket");
const button = document.querySelector("[data-picture]");

if (ticket && button && HTMLCanvasElement.prototype.toBlob) {
  button.hidden = false;
  button.addEventListener("click", () => {
    drawn().toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${button.dataset.picture}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      document.querySelector("[data-done-status]").textContent = button.dataset.done;
    });
  });
}

// What stands on it: [text, size, weight, colour, room above].
function texts() {
  const found = [[document.querySelector(".brand").textContent.trim(), 24, 400, "#42525b", 0], [ticket.getAttribute("aria-label"), 40, 700, "#15222a", 8]];
  for (const one of ticket.querySelectorAll("dt, dd")) {
    const label = one.tagName === "DT";
    found.push([one.textContent.trim(), label ? 24 : one.matches(".big") ? 36 : 30, label ? 400 : 700, label ? "#42525b" : "#15222a", label ? 26 : 4]);
  }
  return found;
}

function drawn() {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const lines = texts().flatMap(([text, size, weight, colour, above]) => {
    const font = `${weight} ${size}px ${FACE}`;
    return broken(pen, text, font).map((line, at) => ({ line, font, colour, above: at ? 0 : above, high: size * 1.4 }));
  });
  const path = ticket.querySelector(".qr path");
  canvas.width = WIDTH;
  canvas.height = EDGE * 2 + lines.reduce((sum, one) => sum + one.above + one.high, 0) + (path ? QR + 70 : 0);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, canvas.height);
  pen.fillStyle = "#b2351f";
  pen.fillRect(0, 0, WIDTH, 10);
  pen.textBaseline = "top";
  let y = EDGE;
  for (const one of lines) {
    y += one.above;
    Object.assign(pen, { font: one.font, fillStyle: one.colour });
    pen.fillText(one.line, EDGE, y);
    y += one.high;
  }
  if (path) {
    scanned(pen, path, y + 20);
    Object.assign(pen, { font: `400 24px ${FACE}`, fillStyle: "#42525b", textAlign: "center" });
    pen.fillText(path.closest(".qr").textContent.trim(), WIDTH / 2, y + 20 + QR);
  }
  return canvas;
}

// Lines that fit: a code ends a line after a dash, words after a blank, other writing after any sign.
function broken(pen, text, font) {
  pen.font = font;
  const lines = [""];
  for (const piece of text.match(/[\w.]+[-\s]*|\W/g) ?? []) {
    if (lines.at(-1) && pen.measureText(lines.at(-1) + piece).width > WIDTH - 2 * EDGE) lines.push("");
    lines[lines.length - 1] += piece;
  }
  return lines;
}

function scanned(pen, path, top) {
  const box = path.getBBox();
  const scale = QR / (box.width + 8); // with the white edge that a telephone needs
  pen.save();
  pen.translate((WIDTH - QR) / 2, top);
  pen.scale(scale, scale);
  pen.translate(4 - box.x, 4 - box.y);
  pen.strokeStyle = "#000";
  pen.lineWidth = 1;
  pen.stroke(new Path2D(path.getAttribute("d")));
  pen.restore();
}
