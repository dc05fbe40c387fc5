/** A reader that does not start. */
process.exit(3);
