/** Ink names it as an import although only `DEV=true` uses it. */
export default {initialize() {}, connectToDevTools() {}};
