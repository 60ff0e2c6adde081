// A promise is made: what was collected for it is collected no longer (basket.js keeps the list under this name).
try { window.sessionStorage.removeItem("tempat"); } catch { /* a closed store holds nothing */ }
