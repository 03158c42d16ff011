/** A file of a kind that is known and not read here: it is not damaged, and a fingerprint might be a wrong one. */
export class UnknownKindError extends Error {}
