/*
 * marks.js — characters that are not seen but act: C0 and C1 controls, and
 * the marks that turn the direction of what follows (UAX #9; CVE-2021-42574
 * shows what they are used for). They are shown by their number.
 */
export const ACTING =
	/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

export function coded(char) {
	return "U+" + char.codePointAt(0).toString(16).toUpperCase()
		.padStart(4, "0");
}

/* A text from outside where only plain text can stand. */
export function plain(text) {
	return String(text).replace(ACTING, (char) => "[" + coded(char) + "]");
}
