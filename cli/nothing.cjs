/** Stands in for what the program is built without: see bundle.ts. */
module.exports = {};
