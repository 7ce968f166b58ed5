import { rowOf, type LunaStage } from '../../domain/stages.ts';

/** A failure as the workflow knows it. */
export interface FailureFacts {
  nodeName: string;
  stage: LunaStage;
  type: string;
  message: string;
  /** The next command, where the one who failed knew it. */
  next: string | null;
}

/** What else is known, gathered when a run fails. */
export interface SeenFacts {
  /** The declared place: `switch01 port 1`, or null. */
  where: string | null;
  bmcsetupName: string | null;
  /** Machines that asked and fit nothing: `52:54:00:… on 10.30.0.0/16, 12 s ago`. */
  unknown: string[];
  /** The newest evidence of the run, and when the agent was last heard. */
  lastEvidence: { stage: LunaStage; status: string; message: string } | null;
  heardSecondsAgo: number | null;
  /** What the boot services saw last, and what should have come: `DISCOVER was answered …, but no REQUEST came for 60 s`. */
  standstill: string | null;
}

/** Puts a failure into words: the cause, what was seen, and the next command. */
export function explainFailure(f: FailureFacts, seen: SeenFacts): { reason: string; next: string; stage: LunaStage } {
  const stage = f.type === 'StageFailed' || seen.lastEvidence === null || rowOf(seen.lastEvidence.stage) !== rowOf(f.stage) ? f.stage : seen.lastEvidence.stage;
  const retry = `luna provision ${f.nodeName} --retry`;
  const heard = seen.heardSecondsAgo === null ? 'its agent was never heard' : `its agent was last heard ${seen.heardSecondsAgo} s ago`;
  switch (f.type) {
    case 'NotReady':
      return { stage, reason: f.message, next: f.next ?? `luna node show ${f.nodeName}` };
    case 'BmcRefused':
      return { stage, reason: f.message, next: f.next ?? `luna bmcsetup change ${seen.bmcsetupName ?? 'NAME'} --password-file -` };
    case 'BmcFailed':
      return { stage, reason: f.message, next: f.next ?? `luna power ${f.nodeName} status` };
    case 'HeartbeatLost': case 'AgentLost':
      return { stage, reason: `${f.nodeName} stopped answering in ${stage}: ${f.type === 'AgentLost' ? f.message : heard}`, next: retry };
    case 'TimedOut':
      return { stage, reason: timedOut(f, seen, heard), next: timedOutNext(f, retry) };
    default:
      return { stage, reason: f.message === '' ? `${f.stage} failed` : f.message, next: retry };
  }
}

function timedOut(f: FailureFacts, seen: SeenFacts, heard: string): string {
  const others = seen.unknown.length === 0 ? 'no unknown machine asked for an address' : `unknown machines that asked: ${seen.unknown.join('; ')}`;
  switch (rowOf(f.stage)) {
    case 'discover':
      return `${f.nodeName} was switched on, but no machine was found on ${seen.where ?? 'a switch port: none is declared'}; ${others}`;
    case 'pxe':
      return `${f.nodeName} was switched on ${f.message === '' ? '' : 'several times '}but its agent never said hello; last seen: ${lastSeen(seen)}`;
    case 'ready':
      return `${f.nodeName} was installed and handed over, but the installed system never reported in; look at its console`;
    default:
      return `${f.stage} of ${f.nodeName} took too long; ${heard}`;
  }
}

function lastSeen({ standstill, lastEvidence }: SeenFacts): string {
  if (standstill !== null) return standstill;
  return lastEvidence === null ? 'nothing, not even DHCP' : `${lastEvidence.stage} (${lastEvidence.message})`;
}

function timedOutNext(f: FailureFacts, retry: string): string {
  switch (rowOf(f.stage)) {
    case 'discover': return 'luna node list --unknown';
    case 'pxe': return `luna boot trace ${f.nodeName}`;
    default: return retry;
  }
}
