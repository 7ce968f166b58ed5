/** A dynamic address given to a MAC. Newest `at` wins; `expires` ≤ `at` says that it was given back. Times are ISO 8601. */
export interface Lease {
  readonly mac: string;
  readonly networkId: string;
  readonly ip: string;
  readonly at: string;
  readonly expires: string;
  /** Option 61 in hex, for people who look for it. */
  readonly clientId?: string;
}
