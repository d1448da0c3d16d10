/*
 * events.js — a page that stands open follows what happens: the desk's
 * server-sent events (GET /events) say that something has changed, and the
 * page reads again what it shows. A lost connection is said above the page,
 * and that it is back; what was missed is read then.
 *
 * Each answer of the stream ends at once, and EventSource asks again behind
 * the retry time the desk names: an error without an opening before it is a
 * connection that is lost.
 */
import { quietly, read } from "/web/lib/api.js";
import { connection } from "/web/lib/say.js";

const REOPEN_MS = 5000;

let source = null;
let opened = false;
const followers = new Set();

/* Nothing is drawn anew under an officer who is being asked something. */
function busy() {
	return document.querySelector("dialog[open]") !== null;
}

async function lookAgain() {
	for (const f of [...followers]) {
		if (!f.node.isConnected) {
			followers.delete(f);
		} else if (busy()) {
			f.missed = true;
		} else {
			f.missed = false;
			await f.look();
		}
	}
}

/* A change that came while a dialog stood open is looked at behind it. */
function lookAtMissed() {
	if ([...followers].some((f) => f.missed))
		lookAgain();
}

/* The desk refused the stream: perhaps the session has been locked. Reading
 * asks for the password, or says that the connection is lost. */
async function refused() {
	source = null;
	await read("/me").then(() => connection(true), (e) => {
		if (e.kind === "lost")
			connection(false);
	});
	setTimeout(open, REOPEN_MS);
}

function open() {
	if (source !== null)
		return;
	source = new EventSource("/api/v1/events");
	source.addEventListener("open", () => {
		opened = true;
		connection(true);
		lookAtMissed();
	});
	source.addEventListener("changed", lookAgain);
	source.addEventListener("error", () => {
		if (source.readyState === EventSource.CLOSED)
			refused();
		else if (!opened)
			connection(false);
		opened = false;
	});
}

/* look() is called whenever something has changed, while node is on the
 * page. What it reads does not put the idle lock off. */
export function follow(node, look) {
	followers.add({ node, missed: false, look: () => quietly(look) });
	open();
}
