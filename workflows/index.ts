export { packImage } from './pack-image.ts';
export { powerNodes } from './power-nodes.ts';
export { provisionNode } from './provision-node.ts';
