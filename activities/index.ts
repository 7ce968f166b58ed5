export { createCloseActivities } from './close.ts';
export { createImageActivities } from './image.ts';
export { createNodeStageActivities } from './node-stages.ts';
export { createPlanActivities } from './plan.ts';
export { createPowerActivities } from './power.ts';
