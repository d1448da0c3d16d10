/*
 * sim.h — the whole chain in one process under one seed: ward, unit, a linked
 * hub with two banks, a hub whose files the ward carries with one bank. The
 * parties, the exchange and the store are the real ones; time, network, disks
 * and officers are the simulator's.
 *
 * sim_world.c makes the nodes once; a run starts from copies of their disks.
 * sim_node.c starts, steps and stops a node. sim_net.c carries. sim_plan.c
 * draws what goes wrong, and when. sim_office.c plays the officers. sim_lies.c
 * is a bank that does not keep to the rules, sim_liars.c a party of any kind.
 * sim_check.c compares the rows of all nodes when all is over.
 */
#ifndef SHOKAI_TESTS_SIM_H
#define SHOKAI_TESTS_SIM_H

#include "../parties/ward_fixture.h"
#include "sim_disk.h"
#include "sim_rng.h"

#include "record/kanri.h"

#include <sqlite3.h>
#include <stdio.h>

enum sim_who {
	SIM_WARD,
	SIM_UNIT,
	SIM_HUB,     /* linked to the unit */
	SIM_CARRIED, /* its files are carried by the ward */
	SIM_BANK_A,
	SIM_BANK_B, /* seven inquiries to a file; the one that may lie */
	SIM_BANK_C, /* behind SIM_CARRIED */
	SIM_NODES
};

#define SIM_SUBJECTS 40
#define SIM_BANKS 3

/* The first and last subject that is a customer of that bank, whose only
 * account is numbered as he is. */
struct sim_customers {
	enum sim_who bank;
	int first;
	int last;
};
extern const struct sim_customers sim_customers[SIM_BANKS];

/* A delivery under way to one peer. */
struct sim_slot {
	bool busy;
	bool ended;
	bool failed;
	long serial;
	struct delivery delivery;
	struct buf answer;
};

struct sim_node {
	struct sim *sim;
	struct fixture_node *base;
	struct sim_disk *disk;
	struct sim_image *fresh;
	struct layouts *layouts[2]; /* before and after the new version */
	struct keys *keys[2];	    /* the lasting certificate, the short one */
	struct certificate *cert[2]; /* of the same two */
	/* Of the run: */
	bool up;
	int life; /* counts its starts */
	int certificate;
	struct sim_image *copy;
	bool to_ask; /* restored, and its neighbours not asked yet */
	int64_t offset_us;
	int64_t drift_ppm;
	int64_t step_at; /* of the step event that counts */
	int idle;
	struct sim_slot slot[SIM_NODES];
	sqlite3 *aside; /* its database, read beside it */
};

enum sim_event_kind {
	SIM_STEP,
	SIM_ARRIVE,
	SIM_ANSWER,
	SIM_START,
	SIM_FAULT,
	SIM_OFFICE,
	SIM_CALM
};

struct sim_event {
	int64_t at_us;
	long order;
	enum sim_event_kind kind;
	int node;
	int life;
	int64_t what; /* slot, fault … */
	int64_t more;
	struct sim_packet *packet;
};

struct sim_packet {
	int from;
	struct digest sender;
	struct buf body; /* or the answer */
	long serial;
	int slot;
	int life;
	bool silent; /* a repeat: nobody waits for its answer */
	bool failed;
};

enum sim_fault_kind {
	FAULT_CRASH, /* the process dies at its n-th next step */
	FAULT_POWER, /* the machine, with what was not synced */
	FAULT_WRITE, /* the n-th write fails */
	FAULT_SYNC,  /* the n-th sync fails */
	FAULT_FULL,  /* no file grows for a while */
	FAULT_ROOM,  /* … and there is room again */
	FAULT_JUMP,  /* the clock jumps */
	FAULT_CUT,   /* the node is cut off */
	FAULT_HEAL,
	FAULT_LAYOUT, /* a new version: at the banks, then at the unit */
	FAULT_RENEW,  /* the short certificate's successor, at one peer */
	FAULT_LIE,
	FAULT_LIAR,
	FAULT_COPY,    /* the node's database is copied */
	FAULT_RESTORE, /* … and the copy put back */
	FAULT_KINDS
};

/* What the seed has drawn for the network. Chances are in a hundred. */
struct sim_weather {
	int lost;
	int doubled;
	int answer_lost;
	int broken;
	int64_t delay_us; /* at most; half of all come much sooner */
};

struct sim_order {
	int subjects;
	int cancel;   /* seconds after which the wave is cancelled; 0 never */
	int withdraw; /* … one inquiry is withdrawn */
	int stop;     /* … a person is stopped */
	int decide;   /* … and decided */
	bool go;
	bool send_back; /* the first request to be checked is returned */
	int person;	/* which */
	bool torn;	/* nobody has seen whether a withdrawal was kept */
};

/* An outcome, as it was first seen. */
#define SIM_SEEN 512
struct sim_seen {
	char inquiry[KANRI_TEXT];
	char digest[33];
};

struct sim {
	struct office o;
	struct arena arena; /* of one visit of the office, or of the check */
	struct sim_node node[SIM_NODES];
	/* Of the run: */
	uint64_t seed;
	struct sim_rng net;
	struct sim_rng plan;
	int64_t now_us;
	bool calm;	 /* nothing goes wrong any more */
	int64_t calm_us; /* … since then */
	bool cut[SIM_NODES];
	bool lied; /* bank B */
	int liar;  /* one more, of any party; -1 none */
	bool liar_spoke;
	int false_receipts; /* it has still to give */
	struct sim_rng lies;
	int expiring; /* the node with the short certificate; -1 none */
	struct sim_weather weather;
	struct sim_order order;
	struct sim_order ordered; /* as it was drawn */
	int restored;		  /* the node with an older copy; -1 none */
	bool approved;
	char returned[48]; /* the file whose check was returned */
	bool cancelled;
	bool withdrawn;
	bool stopped;
	struct sim_event *heap;
	size_t events;
	size_t room;
	long order_no;
	long steps;
	int unstarted; /* starts that failed */
	uint64_t hash;
	bool trace;
	int violations;
	char why[400];			/* the first */
	struct sim_seen seen[SIM_SEEN]; /* E6: what the ward has registered */
	size_t seen_count;
};

/* Once in a process; the folder for what is not a database. */
void sim_world_make(struct sim *s);
void sim_world_free(struct sim *s);
void sim_world_randomness(uint64_t seed); /* of keys and signatures */

/* sim_certificate.c: what one run has seen another does not know; the curve's
 * work on what all runs share is remembered from here on. */
void sim_certificate_forget(void);
void sim_certificate_curve(void);

/* One run; the number of violations. */
int sim_run(struct sim *s, uint64_t seed, bool trace);

/* A run in which nothing goes wrong, begun and not ended; its next event. */
void sim_run_begin(struct sim *s);
enum sim_event_kind sim_run_event(struct sim *s);

/* A line of the trace: hashed, and printed where it is asked for. It holds
 * nothing that differs from one run of the same seed to the next. */
void sim_trace(struct sim *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Something that must never be. */
void sim_wrong(struct sim *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

struct sim_event *sim_push(
    struct sim *s, int64_t after_us, enum sim_event_kind kind, int node);

/* sim_node.c */
int64_t sim_local(const struct sim *s, int node); /* its own clock */
void sim_node_start(struct sim *s, int node);
void sim_node_stop(struct sim *s, int node); /* the process is gone */
void sim_node_step(struct sim *s, int node);
void sim_node_wake(struct sim *s, int node, int64_t after_us);
/* After any call into a node: a fault, or a disk that has stopped, ends it,
 * and it comes back later. False: it has ended. */
bool sim_node_alive(
    struct sim *s, int node, enum err_class class, const struct err *e);
/* Its database, read from outside while its process lives: a statement to be
 * finalized at once. NULL: it cannot be read now. */
sqlite3_stmt *sim_node_read(struct sim *s, int node, const char *sql);
void sim_node_certify(struct sim *s, int node, int which);

/* sim_net.c */
void sim_net_transport(struct sim *s, int node);
void sim_net_arrive(struct sim *s, struct sim_event *x);
void sim_net_answer(struct sim *s, struct sim_event *x);
void sim_net_packet_free(struct sim_packet *p);
/* Bytes from nowhere to a node's gate, in the name of another. */
void sim_net_throw(struct sim *s, int from, int to, struct bytes body);

/* sim_plan.c */
void sim_plan(struct sim *s);
void sim_plan_quiet(struct sim *s); /* twenty subjects, and no trouble */
void sim_plan_fault(struct sim *s, const struct sim_event *x);
/* One node learns (or is given) another's lasting or short certificate. */
void sim_plan_certificate(struct sim *s, int at, int of, int which);

/* sim_office.c */
void sim_office(struct sim *s);
/* A node put back goes on without a neighbour that will not answer. */
void sim_office_give_up(struct sim *s);

/* sim_lies.c */
void sim_lie(struct sim *s, int64_t which);

/* sim_liars.c */
void sim_liar(struct sim *s, int64_t which);
/* Does it answer that packet with a false receipt, and which? */
bool sim_liar_receipt(
    struct sim *s, int to, const struct sim_packet *p, struct buf *out);

/* sim_check.c */
void sim_check_watch(struct sim *s); /* now and then: E6 */
bool sim_check_quiet(struct sim *s); /* is nothing left to be done? */
void sim_check(struct sim *s);	     /* at the end: E1–E7 */

#endif
