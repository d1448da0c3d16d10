/*
 * events.js — a page that stands open follows what happens: the desk's
 * server-sent events (GET /events) say that something has changed, and the
 * page reads again what it shows. A lost connection is said above the page,
 * and that it is back; what was missed is read then.
 *
 * The stream stays open, with a beat where nothing happens: one that is silent
 * for long is lost, too. Where the desk has no room it answers and ends, and
 * EventSource asks again behind the retry time: an error without an opening
 * before it is a connection that is lost. A page that nobody sees holds none.
 */
import { ApiError, quietly, read } from "/web/lib/api.js";
import { connection } from "/web/lib/say.js";

const REOPEN_MS = 5000;
const SILENT_MS = 45000; /* three beats */
const WAIT_MS = 5000;

let source = null;
let opened = false;
let silence = null;
const followers = new Set();
const waiting = new Set();

/* Nothing is drawn anew under an officer who is being asked something. */
function busy() {
	return document.querySelector("dialog[open]") !== null;
}

/* What cannot be read now stays as it is shown; the connection says so if it
 * is lost, and the next event reads it again. */
function notRead(e) {
	if (!(e instanceof ApiError))
		throw e;
}

async function lookAgain() {
	for (const f of [...followers]) {
		if (!f.node.isConnected) {
			followers.delete(f);
		} else if (busy()) {
			f.missed = true;
		} else {
			f.missed = false;
			await f.look().catch(notRead);
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

/* The stream lives: the next sign of it is due. */
function heard() {
	clearTimeout(silence);
	silence = setTimeout(() => {
		close();
		connection(false);
		open();
	}, SILENT_MS);
}

function close() {
	clearTimeout(silence);
	source?.close();
	source = null;
	opened = false;
}

function changed() {
	heard();
	for (const done of waiting)
		done();
	lookAgain();
}

function open() {
	if (source !== null || document.hidden)
		return;
	source = new EventSource("/api/v1/events");
	source.addEventListener("open", () => {
		opened = true;
		heard();
		connection(true);
		lookAtMissed();
	});
	source.addEventListener("changed", changed);
	source.addEventListener("beat", heard);
	source.addEventListener("error", () => {
		clearTimeout(silence);
		if (source.readyState === EventSource.CLOSED)
			refused();
		else if (!opened)
			connection(false);
		opened = false;
	});
}

/* A new stream says at once what the page has not seen. */
function seen() {
	if (document.hidden)
		close();
	else if (followers.size > 0 || waiting.size > 0)
		open();
}

document.addEventListener("visibilitychange", seen);

/* Done with the next change, or after a while: whoever waits looks again. */
export function nextChange() {
	return new Promise((found) => {
		const timer = setTimeout(done, WAIT_MS);

		function done() {
			clearTimeout(timer);
			waiting.delete(done);
			found();
		}
		waiting.add(done);
		open();
	});
}

/* look() is called whenever something has changed, while node is on the
 * page. What it reads does not put the idle lock off. */
export function follow(node, look) {
	followers.add({ node, missed: false, look: () => quietly(look) });
	open();
}
