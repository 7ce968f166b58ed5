/**
 * The table of stages: one truth for every name that a user, a script or the Web UI sees.
 * A row is what the Web UI shows (one activity); its stages are what happens meanwhile.
 */
export const STAGE_ROWS = [
  { row: 'plan', by: 'controller', stages: ['plan'] },
  { row: 'arm', by: 'controller', stages: ['arm'] },
  { row: 'powerOn', by: 'controller', stages: ['power'] },
  { row: 'discover', by: 'boot', stages: ['discover'] },
  { row: 'pxe', by: 'boot', stages: ['pxe.dhcp', 'pxe.ipxe', 'pxe.kernel'] },
  { row: 'partition', by: 'agent', stages: ['prescript', 'setupbmc', 'partition'] },
  { row: 'download', by: 'agent', stages: ['download'] },
  { row: 'unpack', by: 'agent', stages: ['unpack'] },
  { row: 'postscript', by: 'agent', stages: ['network', 'postscript', 'bootloader'] },
  { row: 'localboot', by: 'agent', stages: ['localboot'] },
  { row: 'ready', by: 'system', stages: ['ready'] },
] as const;

/** A row of the table: an activity of the workflow. */
export type StageRow = (typeof STAGE_ROWS)[number]['row'];
/** A stage: what `--from`, evidence and filters name. */
export type LunaStage = (typeof STAGE_ROWS)[number]['stages'][number];
/** Rows that end by evidence from outside the controller, completed asynchronously by task token. */
export type AwaitedRow = Exclude<StageRow, 'plan' | 'arm' | 'powerOn'>;

/** Every stage in the order in which a provision passes them. */
export const STAGES: readonly LunaStage[] = STAGE_ROWS.flatMap((row): readonly LunaStage[] => row.stages);

/** The stages of one row, in order. */
export function stagesOf(row: StageRow): readonly LunaStage[] {
  return STAGE_ROWS.find((r) => r.row === row)?.stages ?? [];
}

/** The row that a stage belongs to. */
export function rowOf(stage: LunaStage): StageRow {
  for (const row of STAGE_ROWS) if ((row.stages as readonly LunaStage[]).includes(stage)) return row.row;
  throw new Error(`no row holds stage ${stage}`);
}

/** True when a word names a stage. */
export function isStage(word: string): word is LunaStage {
  return (STAGES as readonly string[]).includes(word);
}

/** True when `stage` comes at or after `from`. */
export function atOrAfter(stage: LunaStage, from: LunaStage): boolean {
  return STAGES.indexOf(stage) >= STAGES.indexOf(from);
}

/** What Luna 1 shows as the node's status meanwhile (luna-1 §3.9); null where it had no word for it. */
export const LUNA1_STATUS: Record<LunaStage, string | null> = {
  plan: null,
  arm: null,
  power: null,
  discover: 'boot.mac_assigned',
  'pxe.dhcp': 'boot.request',
  'pxe.ipxe': 'boot.request',
  'pxe.kernel': 'install.request',
  prescript: 'install.prescript',
  setupbmc: 'install.setupbmc',
  partition: 'install.partscript',
  download: 'install.download',
  unpack: 'install.unpack',
  network: 'install.setnet',
  postscript: 'install.postscript',
  bootloader: 'install.postscript',
  localboot: 'install.success',
  ready: null,
};
