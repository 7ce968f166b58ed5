export { powerNodes } from './power-nodes.ts';
export { provisionNode } from './provision-node.ts';
