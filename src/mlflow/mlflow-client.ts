/** Where MLflow's tracking server is, and who asks it. */
export interface MlflowServer {
  readonly uri: string;
  /** Value of the Authorization header; undefined for a server that wants none. */
  readonly authorization: string | undefined;
}

/** A request that MLflow refused, with its own error code where it gave one. */
export class MlflowError extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

/** Credentials as MLflow's own clients take them: a token, or a name and a password. */
export function authorizationOf(env: NodeJS.ProcessEnv): string | undefined {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = env;
  if (user && password) return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
  return token ? `Bearer ${token}` : undefined;
}

/** MLflow's REST API (mlflow.org/docs/latest/rest-api.html), version 2.0. */
export class MlflowClient {
  constructor(private readonly server: MlflowServer) {}

  /** A route below `/api/2.0/`; throws MlflowError when it is refused, and what fetch throws when the server is away. */
  get(route: string, query: Readonly<Record<string, string>>, milliseconds: number): Promise<unknown> {
    return this.ask(`${route}?${new URLSearchParams(query)}`, { method: "GET" }, milliseconds);
  }

  post(route: string, body: unknown, milliseconds: number): Promise<unknown> {
    const headers = { "Content-Type": "application/json" };
    return this.ask(route, { method: "POST", headers, body: JSON.stringify(body) }, milliseconds);
  }

  put(route: string, body: Uint8Array<ArrayBuffer>, milliseconds: number): Promise<unknown> {
    return this.ask(route, { method: "PUT", body }, milliseconds);
  }

  private async ask(route: string, init: RequestInit, milliseconds: number): Promise<unknown> {
    const { uri, authorization } = this.server;
    const response = await fetch(`${uri.replace(/\/+$/, "")}/api/2.0/${route}`, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...(authorization && { Authorization: authorization }) },
      // A POST that is redirected comes back as a GET, and credentials belong to this server alone.
      redirect: "error",
      signal: AbortSignal.timeout(milliseconds),
    });
    const text = await response.text();
    const content = parse(text);
    if (response.ok) return content;
    const { error_code: code, message } = Object(content) as { error_code?: unknown; message?: unknown };
    const reason = typeof message === "string" ? message.split("\n", 1)[0] : response.statusText;
    throw new MlflowError(`${response.status} ${reason}`.slice(0, 300), typeof code === "string" ? code : undefined);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
