/* lines.js — two texts line by line: what stands in one of them alone. */

/* The longest run of lines that both have, as a table of lengths. */
function lengths(a, b) {
	const n = Array.from({ length: a.length + 1 }, () =>
		new Uint16Array(b.length + 1));

	for (let i = a.length - 1; i >= 0; i--)
		for (let k = b.length - 1; k >= 0; k--)
			n[i][k] = a[i] === b[k] ? n[i + 1][k + 1] + 1
				: Math.max(n[i + 1][k], n[i][k + 1]);
	return n;
}

/* [{kind: "same" | "before" | "after", text}] */
export function compareLines(before, after) {
	const [a, b] = [before.split("\n"), after.split("\n")];
	const n = lengths(a, b);
	const found = [];
	let [i, k] = [0, 0];

	while (i < a.length || k < b.length) {
		if (i < a.length && k < b.length && a[i] === b[k]) {
			found.push({ kind: "same", text: a[i++] });
			k++;
		} else if (k >= b.length || (i < a.length
			&& n[i + 1][k] >= n[i][k + 1])) {
			found.push({ kind: "before", text: a[i++] });
		} else {
			found.push({ kind: "after", text: b[k++] });
		}
	}
	return found;
}
