\* Copyright The rcublk authors
\* SPDX-License-Identifier: Apache-2.0
--------------------------- MODULE CookieSharing ---------------------------
(***************************************************************************)
(* Who asks for grace periods and who drives them: request() and step() of *)
(* org.rcublk.rcu.GracePeriods, startPoll, retire, synchronize and         *)
(* stepForDriver of ReadDomain and Reclaimer, GracePeriodDriver and        *)
(* RetireQueue. Callers of one domain share grace periods by one sequence. *)
(*                                                                         *)
(* Modelled as the code has it                                             *)
(* - sequence is odd while a grace period runs; a cookie is                *)
(*   (sequence + 3) & ~1; requested is raised to it by compare-and-set;    *)
(* - the stepper is taken by compare-and-set and never waited for; whoever *)
(*   held it looks again after letting go; whoever stepped, or was         *)
(*   refused, kicks the retire queue;                                      *)
(* - startPoll and retire put the domain into the driver's inbox unless    *)
(*   the flag "driven" is up; the driver takes the flag down when nothing  *)
(*   is pending and then looks again; it announces that it parks and then  *)
(*   looks at its inbox;                                                   *)
(* - the retire queue is run by one runner at a time; a runner that found  *)
(*   nothing due takes its flag down and then looks again;                 *)
(* - synchronize with a deadline may give up in the middle of a grace      *)
(*   period, which the driver then finishes.                               *)
(*                                                                         *)
(* Abstracted: a scan passes unless "blocked" is up, which somebody puts   *)
(* up a bounded number of times and always takes down again (GracePeriod   *)
(* has the scans); the two loads of idle() are one step, which can only    *)
(* turn an idle answer into a busy one; waits are polls; memory is         *)
(* sequentially consistent, all fields here being volatile.                *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Syncs,      \* callers of synchronize()
  Polls,      \* callers of startPoll() and poll()
  Retires,    \* callers of retire()
  Blocks,     \* how often readers hold a scan up
  Mutants

On(m) == m \in Mutants
Driver == "driver"
Runners == {"runner1", "runner2"}   \* two, for one may still be in its last look
Callers == Syncs \cup Polls \cup Retires
Steppers == Syncs \cup {Driver}
Kickers == Steppers \cup Retires \cup Runners
Procs == Callers \cup {Driver} \cup Runners

VARIABLES
  seq, asked,           \* GracePeriods.sequence and requested
  stepper, stage,       \* who holds the stepper or "free"; 0 idle, 1 and 2 the scans
  blocked, blocks,      \* a scan would not pass; how often that may still come
  pc,                   \* pc[p], see the actions
  now, cookie,          \* request(): the sequence that was read; the cookie
  begun,                \* ghost: grace periods that had begun when p asked
  driven, inbox, parked, pending,   \* ReadDomain.driven; GracePeriodDriver
  queue, running,       \* RetireQueue
  released,             \* ghost: callbacks in the order in which they ran
  refused               \* ghost: a step() was refused since a grace period last began

vars == <<seq, asked, stepper, stage, blocked, blocks, pc, now, cookie, begun, driven, inbox,
          parked, pending, queue, running, released, refused>>

machine == <<seq, asked, stepper, stage, refused>>
driving == <<driven, inbox, parked, pending>>
retiring == <<queue, running, released>>
asking == <<now, cookie, begun>>
readers == <<blocked, blocks>>

Init ==
  /\ seq = 0 /\ asked = 0
  /\ stepper = "free" /\ stage = 0
  /\ blocked = (Blocks > 0) /\ blocks = Blocks
  /\ pc = [p \in Procs |-> IF p \in Callers THEN "start" ELSE IF p = Driver THEN "loop" ELSE "off"]
  /\ now = [p \in Callers |-> 0]
  /\ cookie = [p \in Callers |-> 0]
  /\ begun = [p \in Callers |-> 0]
  /\ driven = FALSE /\ inbox = FALSE /\ parked = FALSE /\ pending = FALSE
  /\ queue = <<>> /\ running = FALSE /\ released = <<>>
  /\ refused = FALSE

Goto(p, to) == pc' = [pc EXCEPT ![p] = to]
Idle == seq >= asked
Elapsed(c) == seq >= (IF On("rcu-poll-early") THEN c - 1 ELSE c)

----------------------------------------------------------------------------
(* GracePeriods.request *)

ReadSequence(p) ==
  /\ pc[p] = "start"
  /\ now' = [now EXCEPT ![p] = seq]
  /\ begun' = [begun EXCEPT ![p] = (seq + 1) \div 2]
  /\ Goto(p, "ask")
  /\ UNCHANGED <<machine, driving, retiring, readers, cookie>>

CookieOf(n) == IF On("rcu-cookie-rides") THEN ((n + 2) \div 2) * 2 ELSE ((n + 3) \div 2) * 2

\* The loop of compare-and-sets is a maximum.
Ask(p) ==
  /\ pc[p] = "ask"
  /\ LET c == CookieOf(now[p])
     IN /\ cookie' = [cookie EXCEPT ![p] = c]
        /\ asked' = IF On("rcu-request-by-set") THEN c ELSE IF asked < c THEN c ELSE asked
  /\ now' = [now EXCEPT ![p] = 0]
  /\ Goto(p, IF p \in Syncs THEN "step" ELSE IF p \in Retires THEN "add" ELSE "drive")
  /\ UNCHANGED <<seq, stepper, stage, refused, driving, retiring, readers, begun>>

----------------------------------------------------------------------------
(* GracePeriods.step, Reclaimer.advance: pc step, advance, let go, look, kick, (kicked) *)

Step(p) ==
  /\ pc[p] = "step"
  /\ IF stepper = "free" \/ On("rcu-two-steppers")
     THEN stepper' = p /\ Goto(p, "advance") /\ refused' = refused
     ELSE stepper' = stepper /\ Goto(p, "kick") /\ refused' = (stage = 0 /\ ~Idle)
  /\ UNCHANGED <<seq, asked, stage, driving, retiring, readers, asking>>

\* advance() in the state idle
AdvanceIdle(p) ==
  /\ pc[p] = "advance" /\ stage = 0
  /\ IF Idle
     THEN Goto(p, "let go") /\ UNCHANGED <<seq, stage, refused>>
     ELSE seq' = seq + 1 /\ stage' = 1 /\ refused' = FALSE /\ pc' = pc
  /\ UNCHANGED <<asked, stepper, driving, retiring, readers, asking>>

\* advance() in the state of either scan; the flip between them is the stepper's own
AdvanceScan(p) ==
  /\ pc[p] = "advance" /\ stage # 0
  /\ IF blocked
     THEN Goto(p, "let go") /\ UNCHANGED <<seq, stage>>
     ELSE /\ pc' = pc
          /\ stage' = (stage + 1) % 3
          /\ seq' = IF stage = 2 THEN seq + 1 ELSE seq
  /\ UNCHANGED <<asked, stepper, refused, driving, retiring, readers, asking>>

LetGo(p) ==
  /\ pc[p] = "let go"
  /\ stepper' = "free"
  /\ Goto(p, IF On("rcu-stepper-no-recheck") THEN "kick" ELSE "look")
  /\ UNCHANGED <<seq, asked, stage, refused, driving, retiring, readers, asking>>

\* A request that came meanwhile was perhaps refused the stepper.
Look(p) ==
  /\ pc[p] = "look"
  /\ Goto(p, IF seq % 2 = 0 /\ ~Idle THEN "step" ELSE "kick")
  /\ UNCHANGED <<machine, driving, retiring, readers, asking>>

----------------------------------------------------------------------------
(* RetireQueue *)

After(p) == IF p \in Steppers THEN "stepped" ELSE IF p \in Retires THEN "drive" ELSE "off"

\* kick(): is the oldest entry due?
Kick(p) ==
  /\ pc[p] = "kick"
  /\ Goto(p, IF /\ queue # <<>> /\ Elapsed(cookie[Head(queue)])
                /\ ~(On("rcu-step-no-kick") /\ p \in Steppers)
             THEN "start runner" ELSE After(p))
  /\ UNCHANGED <<machine, driving, retiring, readers, asking>>

\* kick(): the compare-and-set of "running", and the executor starts a runner.
StartRunner(p) ==
  /\ pc[p] = "start runner"
  /\ IF running /\ ~On("rcu-two-runners")
     THEN Goto(p, After(p)) /\ running' = running
     ELSE /\ running' = TRUE
          \* the runner that asks in its last look may go on itself: its task is over
          /\ IF p \in Runners THEN Goto(p, "run")
             ELSE \E r \in Runners : pc[r] = "off" /\ pc' = [pc EXCEPT ![p] = After(p), ![r] = "run"]
  /\ UNCHANGED <<machine, driving, queue, released, readers, asking>>

Run(r) ==
  /\ pc[r] = "run"
  /\ IF queue # <<>> /\ Elapsed(cookie[Head(queue)])
     THEN /\ queue' = Tail(queue)
          /\ released' = released \o (IF On("rcu-retire-twice") THEN <<Head(queue), Head(queue)>>
                                     ELSE <<Head(queue)>>)
          /\ pc' = pc
     ELSE UNCHANGED <<queue, released>> /\ Goto(r, "rest")
  /\ UNCHANGED <<machine, driving, running, readers, asking>>

\* The flag goes down, then the queue is looked at again.
Rest(r) ==
  /\ pc[r] = "rest"
  /\ running' = FALSE
  /\ Goto(r, IF On("rcu-lost-kick") THEN "off" ELSE "kick")
  /\ UNCHANGED <<machine, driving, queue, released, readers, asking>>

----------------------------------------------------------------------------
(* Callers *)

\* Reclaimer.awaitUntil: step, look, pause, step ...
Pause(p) ==
  /\ p \in Syncs /\ pc[p] = "stepped"
  /\ Goto(p, IF Elapsed(cookie[p]) \/ On("rcu-release-early") THEN "done" ELSE "step")
  /\ UNCHANGED <<machine, driving, retiring, readers, asking>>

\* The deadline of synchronize(Duration): the driver goes on with what was asked for.
GiveUp(p) ==
  /\ p \in Syncs /\ pc[p] = "stepped" /\ ~Elapsed(cookie[p])
  /\ Goto(p, "drive")
  /\ UNCHANGED <<machine, driving, retiring, readers, asking>>

\* Reclaimer.retire: RetireQueue.add, then kick, then drive
Add(p) ==
  /\ pc[p] = "add"
  /\ queue' = Append(queue, p)
  /\ Goto(p, "kick")
  /\ UNCHANGED <<machine, driving, running, released, readers, asking>>

\* Reclaimer.drive: the compare-and-set of "driven" ...
Drive(p) ==
  /\ pc[p] = "drive"
  /\ driven' = TRUE
  /\ Goto(p, IF driven THEN "asked" ELSE "hand over")
  /\ UNCHANGED <<machine, inbox, parked, pending, retiring, readers, asking>>

\* ... GracePeriodDriver.drive: the inbox ...
HandOver(p) ==
  /\ pc[p] = "hand over"
  /\ inbox' = TRUE
  /\ Goto(p, "unpark")
  /\ UNCHANGED <<machine, driven, parked, pending, retiring, readers, asking>>

\* ... and the wake-up. A permit that comes before the park makes it return at once.
Unpark(p) ==
  /\ pc[p] = "unpark"
  /\ pc' = [pc EXCEPT ![p] = "asked",
                      ![Driver] = IF parked /\ @ \in {"parking", "parked"} THEN "loop" ELSE @]
  /\ parked' = IF parked /\ pc[Driver] \in {"parking", "parked"} THEN FALSE ELSE parked
  /\ UNCHANGED <<machine, driven, inbox, pending, retiring, readers, asking>>

\* ReadDomain.poll says yes.
Polled(p) ==
  /\ p \in Polls /\ pc[p] = "asked" /\ Elapsed(cookie[p])
  /\ Goto(p, "done")
  /\ UNCHANGED <<machine, driving, retiring, readers, asking>>

----------------------------------------------------------------------------
(* GracePeriodDriver.run *)

DriverLoop ==
  /\ pc[Driver] = "loop"
  /\ inbox' = FALSE
  /\ pending' = (pending \/ inbox)
  /\ Goto(Driver, IF pending' THEN "step" ELSE "park")
  /\ UNCHANGED <<machine, driven, parked, retiring, readers, asking>>

\* Reclaimer.stepForDriver: after the step
DriverStepped ==
  /\ pc[Driver] = "stepped"
  /\ Goto(Driver, IF Idle THEN "forget" ELSE "loop")
  /\ UNCHANGED <<machine, driving, retiring, readers, asking>>

DriverForgets ==
  /\ pc[Driver] = "forget"
  /\ driven' = FALSE
  /\ pending' = IF On("rcu-driver-lost-domain") THEN FALSE ELSE pending
  /\ Goto(Driver, IF On("rcu-driver-lost-domain") THEN "loop" ELSE "look again")
  /\ UNCHANGED <<machine, inbox, parked, retiring, readers, asking>>

\* A request between the step and the reset saw "driven": keep the domain then.
DriverLooksAgain ==
  /\ pc[Driver] = "look again"
  /\ Goto(Driver, IF Idle THEN "drop" ELSE "keep")
  /\ UNCHANGED <<machine, driving, retiring, readers, asking>>

DriverKeeps ==
  /\ pc[Driver] = "keep"
  /\ driven' = TRUE
  /\ Goto(Driver, IF driven THEN "drop" ELSE "loop")
  /\ UNCHANGED <<machine, inbox, parked, pending, retiring, readers, asking>>

DriverDrops ==
  /\ pc[Driver] = "drop"
  /\ pending' = FALSE
  /\ Goto(Driver, "loop")
  /\ UNCHANGED <<machine, driven, inbox, parked, retiring, readers, asking>>

\* GracePeriodDriver.parkUntilNews: announce, look, park. A mutant looks first.
DriverAnnounces ==
  /\ pc[Driver] = "park"
  /\ parked' = ~On("rcu-driver-parks-blind")
  /\ Goto(Driver, IF On("rcu-driver-parks-blind") /\ inbox THEN "loop" ELSE "parking")
  /\ UNCHANGED <<machine, driven, inbox, pending, retiring, readers, asking>>

DriverParks ==
  /\ pc[Driver] = "parking"
  /\ IF inbox /\ ~On("rcu-driver-parks-blind")
     THEN parked' = FALSE /\ Goto(Driver, "loop")
     ELSE parked' = TRUE /\ Goto(Driver, "parked")
  /\ UNCHANGED <<machine, driven, inbox, pending, retiring, readers, asking>>

DriverStep == DriverLoop \/ DriverStepped \/ DriverForgets \/ DriverLooksAgain \/ DriverKeeps
              \/ DriverDrops \/ DriverAnnounces \/ DriverParks

----------------------------------------------------------------------------
(* Readers, as a scan sees them *)

Unblock ==
  /\ blocked
  /\ blocked' = FALSE
  /\ blocks' = blocks - 1
  /\ UNCHANGED <<machine, pc, asking, driving, retiring>>

Block ==
  /\ ~blocked /\ blocks > 0
  /\ blocked' = TRUE
  /\ UNCHANGED <<blocks, machine, pc, asking, driving, retiring>>

----------------------------------------------------------------------------
ProcStep(p) ==
  \/ p \in Callers /\ (ReadSequence(p) \/ Ask(p) \/ Pause(p) \/ Add(p) \/ Drive(p)
                       \/ HandOver(p) \/ Unpark(p) \/ Polled(p))
  \/ p \in Steppers /\ (Step(p) \/ AdvanceIdle(p) \/ AdvanceScan(p) \/ LetGo(p) \/ Look(p))
  \/ p \in Kickers /\ (Kick(p) \/ StartRunner(p))
  \/ p \in Runners /\ (Run(p) \/ Rest(p))
  \/ p = Driver /\ DriverStep

Next == (\E p \in Procs : ProcStep(p)) \/ (\E p \in Syncs : GiveUp(p)) \/ Unblock \/ Block

\* A deadline need not pass; a reader that holds a scan up ends.
Spec == Init /\ [][Next]_vars /\ WF_vars(Unblock) /\ \A p \in Procs : WF_vars(ProcStep(p))

----------------------------------------------------------------------------
\* A grace period that began after p asked has been completed.
Covered(p) == seq >= 2 * (begun[p] + 1)

(* S3 for callers that share: nobody rides a grace period that had begun   *)
(* before it asked.                                                        *)
NobodyRides == /\ \A p \in Syncs \cup Polls : pc[p] = "done" => Covered(p)
               /\ \A i \in DOMAIN released : Covered(released[i])

(* A request is never taken back by a smaller one.                         *)
RequestsKept == \A p \in Callers : asked >= cookie[p]

(* One thread at a time steps the machine.                                 *)
OneStepper == Cardinality({p \in Steppers : pc[p] \in {"advance", "let go"}}) <= 1

(* The parity of the sequence is the state of the machine.                 *)
ParityIsStage == (seq % 2 = 0) = (stage = 0)

(* S12: each callback at most once, and one runner at a time. (In order:   *)
(* the queue is first in, first out, and Run releases its head.)           *)
ReleasedOnce == \A i, j \in DOMAIN released : i # j => released[i] # released[j]
OneRunner == Cardinality({r \in Runners : pc[r] \in {"run", "rest"}}) <= 1

(* A step that was refused because somebody held the stepper is made by    *)
(* that one: when nobody is inside step(), no request that was refused is  *)
(* left. Time to begin, not safety: every caller also comes again by       *)
(* itself.                                                                 *)
Inside == {"step", "advance", "let go", "look"}
RefusedIsMadeUp ==
  (\A p \in Steppers : pc[p] \notin Inside) => ~(refused /\ stage = 0 /\ ~Idle)

(* No lost wake-up: every caller of startPoll sees its grace period, every *)
(* synchronize returns or meets its deadline, every callback runs (S12).   *)
PollsEnd == \A p \in Polls : <>(pc[p] = "done")
SyncsEnd == \A p \in Syncs : <>(pc[p] \in {"done", "asked"})
CallbacksRun == \A p \in Retires : <>(\E i \in DOMAIN released : released[i] = p)
=============================================================================
