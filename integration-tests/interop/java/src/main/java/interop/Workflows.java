package interop;

import com.uber.cadence.workflow.QueryMethod;
import com.uber.cadence.workflow.SignalMethod;
import com.uber.cadence.workflow.Workflow;
import com.uber.cadence.workflow.WorkflowMethod;
import interop.Values.Line;
import interop.Values.Order;
import interop.Values.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The workflows that Python starts, as children or from its client. */
final class Workflows {
  private Workflows() {}

  /** Prices an order. */
  public interface Child {
    @WorkflowMethod(name = "JavaChild", executionStartToCloseTimeoutSeconds = 40)
    Receipt run(Order order);
  }

  public static class ChildDeeds implements Child {
    @Override
    public Receipt run(Order order) {
      return Values.priced(order);
    }
  }

  /** Fails. */
  public interface ChildFails {
    @WorkflowMethod(name = "JavaChildFails", executionStartToCloseTimeoutSeconds = 40)
    void run(String kind);
  }

  public static class ChildFailsDeeds implements ChildFails {
    @Override
    public void run(String kind) {
      throw Values.failure(kind);
    }
  }

  /** Tells the tenant. */
  public interface ChildTenant {
    @WorkflowMethod(name = "JavaChildTenant", executionStartToCloseTimeoutSeconds = 40)
    String run();
  }

  public static class ChildTenantDeeds implements ChildTenant {
    @Override
    public String run() {
      return Tenant.HERE.get();
    }
  }

  /** Continues as new until it has counted down. */
  public interface Again {
    @WorkflowMethod(name = "JavaAgain", executionStartToCloseTimeoutSeconds = 40)
    List<String> run(int left, List<String> done);
  }

  public static class AgainDeeds implements Again {
    @Override
    public List<String> run(int left, List<String> done) {
      if (left > 0) {
        List<String> more = new ArrayList<>(done);
        more.add(String.valueOf(left));
        Workflow.continueAsNew(left - 1, more);
      }
      return done;
    }
  }

  /** Collects lines until one says stop, or until it is cancelled. */
  public interface Waits {
    @WorkflowMethod(name = "JavaWaits", executionStartToCloseTimeoutSeconds = 40)
    List<Line> run(Order order);

    @SignalMethod(name = "add")
    void add(Line line);

    @SignalMethod(name = "stop")
    void stop();

    @QueryMethod(name = "lines")
    List<Line> lines(int atLeast);

    @QueryMethod(name = "broken")
    String broken();
  }

  public static class WaitsDeeds implements Waits {
    private final List<Line> kept = new ArrayList<>();
    private boolean stopped;

    @Override
    public List<Line> run(Order order) {
      kept.addAll(order.lines);
      Workflow.await(() -> stopped);
      return kept;
    }

    @Override
    public void add(Line line) {
      kept.add(line);
    }

    @Override
    public void stop() {
      stopped = true;
    }

    @Override
    public List<Line> lines(int atLeast) {
      return kept.stream().filter(line -> line.count >= atLeast).collect(Collectors.toList());
    }

    @Override
    public String broken() {
      throw new IllegalStateException("no such thing");
    }
  }
}
