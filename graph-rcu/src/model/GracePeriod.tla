\* Copyright The rcublk authors
\* SPDX-License-Identifier: Apache-2.0
---------------------------- MODULE GracePeriod ----------------------------
(***************************************************************************)
(* The grace-period protocol of org.rcublk.rcu: ReadDomain, SlotTable and  *)
(* GracePeriods. One domain, one writer that publishes a version, waits    *)
(* for a grace period and closes what the old version owned, MaxGP times.  *)
(*                                                                         *)
(* Modelled as the code has it                                             *)
(* - two ranks; for each slot and rank a count of begins (lock) and a      *)
(*   count of ends (unlock), which only grow;                              *)
(* - downRead in three steps: load the rank, store the count, load the     *)
(*   version; any other step may come between;                             *)
(* - an end, and a fork, on any slot: tokens travel between threads;       *)
(* - a scan reads one counter at a time, unlocks first, and a failed scan  *)
(*   is repeated from its start;                                           *)
(* - scan of the inactive rank, flip, scan of the rank just left;          *)
(* - the table of slots grows while sections begin and scans run, and a    *)
(*   slot passes from a thread that ends to a new one with its counts.     *)
(*                                                                         *)
(* Store buffers. A begin count may be stored and not yet visible: the     *)
(* section is then in "pending". The atomic add of SlotTable.lock          *)
(* drains the buffer, so downRead leaves nothing pending; the release      *)
(* store of lockForked may stay there for any time. A hand-over of a       *)
(* token, and an end on the same slot, are ordered behind the stores       *)
(* before them (first in, first out), so no end becomes visible while the  *)
(* begin of the section, or of a child forked from it, is pending. Ends    *)
(* are not buffered: a delayed end cannot be told from a later one, since  *)
(* a section ends at any time and on any slot. The writer's publication is *)
(* a compare-and-set and is visible at once.                               *)
(*                                                                         *)
(* Abstracted: 64-bit counts do not wrap; the opaque load of the rank sees *)
(* memory, and its staleness is the time until the count is stored; who    *)
(* steps the machine (CookieSharing). Orderings weaker than TSO are not    *)
(* modelled. Progress against an endless stream of readers:                *)
(* GracePeriodProgress.                                                    *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
  Secs,       \* sections, all forks included
  NSlots,     \* reader slots 1..NSlots, one thread on each
  InTable,    \* slots that are in the table at first
  MaxGP,      \* grace periods
  Mutants     \* faults that are switched on

Slots == 1..NSlots
Ranks == {0, 1}
None == 0
On(m) == m \in Mutants

VARIABLES
  rank,       \* GracePeriods.rank
  lock,       \* lock[slot][rank], visible begins
  unlock,     \* unlock[slot][rank], visible ends
  table,      \* slots 1..table exist (SlotTable.chunks)
  sec,        \* sec[s]: a section, see NewSec
  current,    \* number of the published version
  unseen,     \* the writer's publication is in its own store buffer (a mutant only)
  closed,     \* versions below this one are closed
  pre,        \* ghost: sections that the running grace period must wait for
  gp          \* the writer and the grace-period machine, see IdleGP

vars == <<rank, lock, unlock, table, sec, current, unseen, closed, pre, gp>>

(* at: new, loaded (the rank), counted, in (the version is loaded), done.  *)
(* pending: the begin count is not visible yet.                            *)
NewSec == [at |-> "new", rank |-> 0, slot |-> None, ver |-> 0,
           pending |-> FALSE, parent |-> {}]
DoneSec == [NewSec EXCEPT !.at = "done"]

(* at: idle, published, scan, first (sum), second (sum), flip, elapsed.    *)
(* i: the slot to read next; bound: slots in the table that is summed.     *)
IdleGP == [at |-> "idle", stage |-> 0, i |-> 0, bound |-> 0,
           first |-> 0, second |-> 0, done |-> 0]

Init ==
  /\ rank = 0
  /\ lock = [t \in Slots |-> [r \in Ranks |-> 0]]
  /\ unlock = [t \in Slots |-> [r \in Ranks |-> 0]]
  /\ table = InTable
  /\ sec = [s \in Secs |-> NewSec]
  /\ current = 1
  /\ unseen = FALSE
  /\ closed = 1
  /\ pre = {}
  /\ gp = IdleGP

Open(s) == sec[s].at = "in"
Busy(t) == \E s \in Secs : sec[s].at \in {"loaded", "counted"} /\ sec[s].slot = t
Children(s) == {c \in Secs : s \in sec[c].parent}
Visible == IF unseen THEN current - 1 ELSE current

Bump(c, t, r) == [c EXCEPT ![t][r] = @ + 1]

----------------------------------------------------------------------------
(* Readers *)

\* SlotTable.grow: first use of the domain by a thread whose slot is beyond the table.
Grow(t) ==
  /\ t > table
  /\ table' = t
  /\ UNCHANGED <<rank, lock, unlock, sec, current, unseen, closed, pre, gp>>

\* ReadDomain.downRead: int rank = periods.rank()
LoadRank(t, s) ==
  /\ sec[s].at = "new" /\ t <= table /\ ~Busy(t)
  /\ sec' = [sec EXCEPT ![s].at = "loaded", ![s].rank = rank, ![s].slot = t]
  /\ UNCHANGED <<rank, lock, unlock, table, current, unseen, closed, pre, gp>>

\* SlotTable.lock: the begin count, an atomic add, which has volatile order
Count(s) ==
  /\ sec[s].at = "loaded"
  /\ IF On("rcu-no-store-load")
     THEN /\ sec' = [sec EXCEPT ![s].at = "counted", ![s].pending = TRUE]
          /\ lock' = lock
     ELSE /\ sec' = [sec EXCEPT ![s].at = "counted"]
          /\ lock' = Bump(lock, sec[s].slot, sec[s].rank)
  /\ UNCHANGED <<rank, unlock, table, current, unseen, closed, pre, gp>>

\* The volatile load of what is protected: the section has begun.
Load(s) ==
  /\ sec[s].at = "counted"
  /\ sec' = [sec EXCEPT ![s].at = "in", ![s].ver = Visible]
  /\ UNCHANGED <<rank, lock, unlock, table, current, unseen, closed, pre, gp>>

\* A store leaves the store buffer.
Drain(s) ==
  /\ sec[s].pending
  /\ sec' = [sec EXCEPT ![s].pending = FALSE]
  /\ lock' = Bump(lock, sec[s].slot, sec[s].rank)
  /\ UNCHANGED <<rank, unlock, table, current, unseen, closed, pre, gp>>

\* Thread t may use the token of s: its own, or handed over behind its begin count.
Handed(t, s) == t = sec[s].slot \/ ~sec[s].pending \/ On("rcu-racy-hand-over")

\* ReadDomain.forkRead on slot t: the child counts on its parent's rank, by a release
\* store, and works on its parent's version.
Fork(t, s, c) ==
  /\ t <= table /\ ~Busy(t)
  /\ sec[c].at = "new"
  /\ Open(s) /\ Handed(t, s)
  /\ sec' = [sec EXCEPT ![c] =
               [at |-> "in", slot |-> t, ver |-> sec[s].ver, pending |-> TRUE, parent |-> {s},
                rank |-> IF On("rcu-fork-fresh-rank") THEN rank ELSE sec[s].rank]]
  /\ pre' = IF s \in pre THEN pre \cup {c} ELSE pre
  /\ UNCHANGED <<rank, lock, unlock, table, current, unseen, closed, gp>>

\* ReadDomain.upRead on slot t: the release store of the end count.
End(t, s) ==
  /\ t <= table /\ ~Busy(t)
  /\ Open(s) /\ Handed(t, s)
  /\ (sec[s].pending => On("rcu-racy-hand-over"))
  /\ \A c \in Children(s) : sec[c].pending => On("rcu-fork-after-end")
  /\ LET r == IF On("rcu-upread-wrong-rank") THEN rank ELSE sec[s].rank
         late == sec[s].pending
     IN /\ unlock' = Bump(unlock, t, r)
        \* a pending begin of a racy hand-over stays in the beginner's buffer
        /\ sec' = [c \in Secs |->
                     IF c = s
                     THEN IF late THEN [sec[s] EXCEPT !.at = "done"] ELSE DoneSec
                     ELSE [sec[c] EXCEPT !.parent = @ \ {s}]]
  /\ pre' = pre \ {s}
  /\ UNCHANGED <<rank, lock, table, current, unseen, closed, gp>>

\* A thread ends, and another one adopts its slot (ReaderIndex.close, acquire). The counts
\* stay, so this changes nothing: open sections are counted on.
Recycle(t) ==
  /\ On("rcu-slot-zeroed")
  /\ ~Busy(t)
  /\ \A s \in Secs : sec[s].slot = t => ~sec[s].pending
  /\ lock' = [lock EXCEPT ![t] = [r \in Ranks |-> 0]]
  /\ unlock' = [unlock EXCEPT ![t] = [r \in Ranks |-> 0]]
  /\ UNCHANGED <<rank, table, sec, current, unseen, closed, pre, gp>>

----------------------------------------------------------------------------
(* The writer and its grace period *)

\* Publisher.exchange
Publish ==
  /\ gp.at = "idle" /\ gp.done < MaxGP
  /\ current' = current + 1
  /\ unseen' = On("rcu-no-writer-fence")
  /\ gp' = [gp EXCEPT !.at = "published"]
  /\ UNCHANGED <<rank, lock, unlock, table, sec, closed, pre>>

PublicationSeen ==
  /\ unseen
  /\ unseen' = FALSE
  /\ UNCHANGED <<rank, lock, unlock, table, sec, current, closed, pre, gp>>

\* GracePeriods.advance, IDLE: the sequence becomes odd. What is open now is waited for.
Begin ==
  /\ gp.at = "published"
  /\ pre' = {s \in Secs : Open(s)}
  /\ gp' = [gp EXCEPT !.at = IF On("rcu-release-early") THEN "elapsed"
                             ELSE IF On("rcu-one-scan") THEN "flip" ELSE "scan",
                      !.stage = 1]
  /\ UNCHANGED <<rank, lock, unlock, table, sec, current, unseen, closed>>

Scanned == 1 - rank
LocksFirst == On("rcu-locks-first")
NetCounter == On("rcu-net-counter")
Bound == IF On("rcu-scan-one-chunk") THEN NSlots - 1 ELSE table

\* SlotTable.quiet: the table is read, then one counter after the other.
ScanBegins ==
  /\ gp.at = "scan"
  /\ gp' = [gp EXCEPT !.at = "first", !.i = 1, !.bound = Bound, !.first = 0, !.second = 0]
  /\ UNCHANGED <<rank, lock, unlock, table, sec, current, unseen, closed, pre>>

\* The one net count a slot of a mutant, made positive: a slot may have more ends than begins.
Net(t) == lock[t][Scanned] + Cardinality(Secs) - unlock[t][Scanned]

ReadFirst ==
  /\ gp.at = "first" /\ gp.i <= gp.bound
  /\ gp' = [gp EXCEPT !.i = @ + 1,
       !.first = @ + (IF NetCounter THEN Net(gp.i)
                      ELSE IF LocksFirst THEN lock[gp.i][Scanned] ELSE unlock[gp.i][Scanned])]
  /\ UNCHANGED <<rank, lock, unlock, table, sec, current, unseen, closed, pre>>

\* The table is read again for the second sum.
ReadTable ==
  /\ gp.at = "first" /\ gp.i > gp.bound
  /\ gp' = [gp EXCEPT !.at = "second", !.i = 1, !.bound = Bound,
       !.second = IF NetCounter THEN Cardinality(Secs) * gp.bound ELSE 0]
  /\ UNCHANGED <<rank, lock, unlock, table, sec, current, unseen, closed, pre>>

ReadSecond ==
  /\ gp.at = "second" /\ gp.i <= gp.bound /\ ~NetCounter
  /\ gp' = [gp EXCEPT !.i = @ + 1,
       !.second = @ + (IF LocksFirst THEN unlock[gp.i][Scanned] ELSE lock[gp.i][Scanned])]
  /\ UNCHANGED <<rank, lock, unlock, table, sec, current, unseen, closed, pre>>

\* The sums are compared: a local step of the stepper.
Compare ==
  /\ gp.at = "second" /\ (gp.i > gp.bound \/ NetCounter)
  /\ gp' = [gp EXCEPT !.i = 0, !.bound = 0, !.first = 0, !.second = 0,
       !.at = IF gp.first # gp.second THEN "scan"
              ELSE IF gp.stage = 1 THEN "flip" ELSE "elapsed"]
  /\ UNCHANGED <<rank, lock, unlock, table, sec, current, unseen, closed, pre>>

\* GracePeriods.flip
Flip ==
  /\ gp.at = "flip"
  /\ rank' = 1 - rank
  /\ gp' = [gp EXCEPT !.at = "scan", !.stage = 2]
  /\ UNCHANGED <<lock, unlock, table, sec, current, unseen, closed, pre>>

\* The grace period has elapsed: whatever only old versions reach is closed.
Close ==
  /\ gp.at = "elapsed"
  /\ closed' = current
  /\ pre' = {}
  /\ gp' = [IdleGP EXCEPT !.done = gp.done + 1]
  /\ UNCHANGED <<rank, lock, unlock, table, sec, current, unseen>>

----------------------------------------------------------------------------
Writer == \/ Publish \/ Begin \/ ScanBegins \/ ReadFirst \/ ReadTable \/ ReadSecond
          \/ Compare \/ Flip \/ Close

Reader == \/ \E t \in Slots : Grow(t) \/ Recycle(t)
          \/ \E t \in Slots, s \in Secs : LoadRank(t, s)
          \/ \E s \in Secs : Count(s) \/ Load(s) \/ Drain(s)
          \/ \E t \in Slots, s, c \in Secs : Fork(t, s, c)
          \/ \E t \in Slots, s \in Secs : End(t, s)

Next == Writer \/ Reader \/ PublicationSeen

\* Sections that have begun end, stores become visible, the stepper goes on.
\* Nothing obliges a section to begin.
Fairness ==
  /\ WF_vars(Writer)
  /\ \A s \in Secs : /\ WF_vars(Count(s)) /\ WF_vars(Load(s)) /\ WF_vars(Drain(s))
                     /\ WF_vars(\E t \in Slots : End(t, s))

Spec == Init /\ [][Next]_vars /\ Fairness

Symmetry == Permutations(Secs)

----------------------------------------------------------------------------
(* S3, guarantee B: every section that began before the grace period has   *)
(* ended when it has elapsed, on whichever slot.                           *)
GracePeriodWaits == gp.at = "elapsed" => pre = {}

(* S4, guarantee C: nothing is closed under a section that can reach it.   *)
NoUseAfterClose == \A s \in Secs : Open(s) => sec[s].ver >= closed

Sum(c, r) == LET sum[t \in 0..NSlots] == IF t = 0 THEN 0 ELSE sum[t - 1] + c[t][r]
             IN sum[NSlots]

(* What the scans rely on (rcu.md 2.5, Lemma 1; the third oracle of the    *)
(* torture test): on each rank begins less ends are the open sections.     *)
CountsExact ==
  \A r \in Ranks :
    Sum(lock, r) = Sum(unlock, r) + Cardinality({s \in Secs :
      /\ sec[s].at \in {"counted", "in"} /\ sec[s].rank = r /\ ~sec[s].pending})

(* L1, guarantee I: no step of a reader waits for anybody else's.          *)
ReadersNeverWait ==
  \A s \in Secs : /\ sec[s].at = "loaded" => ENABLED Count(s)
                  /\ sec[s].at = "counted" => ENABLED Load(s)

(* L3: a grace period ends if the sections do.                             *)
EachEnds == (gp.at # "idle") ~> (gp.at = "idle")
=============================================================================
