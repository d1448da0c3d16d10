/* main.js — every page begins here: which page is it, who reads it? */
import { start } from "/web/lib/shell.js";

start();
