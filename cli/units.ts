/** Seconds as `1:02:03`, the way Luna 1 writes elapsed time; days count as hours. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  return `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
}

/** Bytes per second as people read them: `11.2 MB/s`. */
export function rateText(bytesPerSecond: number): string {
  let value = bytesPerSecond;
  for (const unit of ['B', 'kB', 'MB']) {
    if (value < 1000) return `${unit === 'B' ? Math.round(value) : value.toFixed(1)} ${unit}/s`;
    value /= 1000;
  }
  return `${value.toFixed(1)} GB/s`;
}

function pad(n: number): string {
  return String(n).padStart(2, '0');
}
