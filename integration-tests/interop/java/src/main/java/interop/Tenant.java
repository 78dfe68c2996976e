package interop;

import com.uber.cadence.context.ContextPropagator;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;

/** Carries the tenant as JSON in a header. */
final class Tenant implements ContextPropagator {
  static final ThreadLocal<String> HERE = new ThreadLocal<>();

  @Override
  public String getName() {
    return "tenant";
  }

  @Override
  public Map<String, byte[]> serializeContext(Object context) {
    if (context == null) {
      return Collections.emptyMap();
    }
    String json = "\"" + context + "\"";
    return Collections.singletonMap(getName(), json.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Object deserializeContext(Map<String, byte[]> context) {
    byte[] json = context.get(getName());
    return json == null ? null : new String(json, StandardCharsets.UTF_8).replace("\"", "").trim();
  }

  @Override
  public Object getCurrentContext() {
    return HERE.get();
  }

  @Override
  public void setCurrentContext(Object context) {
    HERE.set((String) context);
  }
}
