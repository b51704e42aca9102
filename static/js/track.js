// The QR code of the receipt carries number and code behind the #, which no server log sees. Fill the form, clear the address.
const form = document.querySelector("form[data-track]");
const carried = new URLSearchParams(location.hash.slice(1));

if (form && carried.has("number")) {
  form.elements.number.value = carried.get("number");
  form.elements.tracking_code.value = carried.get("code") ?? "";
  history.replaceState(null, "", location.pathname + location.search);
  form.querySelector("button[type=submit]").focus();
}
