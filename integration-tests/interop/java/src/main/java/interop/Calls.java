package interop;

import com.uber.cadence.WorkflowExecution;
import com.uber.cadence.activity.ActivityOptions;
import com.uber.cadence.common.RetryOptions;
import com.uber.cadence.workflow.ActivityStub;
import com.uber.cadence.workflow.CancellationScope;
import com.uber.cadence.workflow.ChildWorkflowOptions;
import com.uber.cadence.workflow.ChildWorkflowStub;
import com.uber.cadence.workflow.Promise;
import com.uber.cadence.workflow.Workflow;
import com.uber.cadence.workflow.WorkflowMethod;
import interop.Values.Ask;
import interop.Values.Finding;
import interop.Values.Line;
import interop.Values.OutOfStock;
import interop.Values.Receipt;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Calls Python's activities and workflows, and tells what came. */
public interface Calls {
  @WorkflowMethod(name = "JavaCalls", executionStartToCloseTimeoutSeconds = 60)
  Finding run(Ask ask);

  /** What it does. */
  class Deeds implements Calls {
    @Override
    public Finding run(Ask ask) {
      try {
        return Finding.of(ask.what.startsWith("child") ? child(ask) : activity(ask));
      } catch (CancellationException error) {
        return Finding.of(error);
      } catch (RuntimeException error) {
        return Finding.of(error);
      }
    }

    private Object activity(Ask ask) {
      ActivityStub stub = Workflow.newUntypedActivityStub(options(ask).build());
      switch (ask.what) {
        case "price":
          return stub.execute("price", Receipt.class, ask.order);
        case "optional":
          return stub.execute("optional", String.class, new Object[] {null});
        case "reverse":
          return stub.execute("reverse", byte[].class, new byte[] {0, 1, (byte) 255});
        case "several":
          return stub.execute("several", String.class, "a", 2, Arrays.asList("x", "y"), null);
        case "numbers":
          return stub.execute("numbers", Long.class, Arrays.asList(1L, 2L, 1L << 60));
        case "tenant":
          return stub.execute("tenant", String.class);
        case "wrong":
          return stub.execute("price", Void.class, 42);
        case "unknown":
          return stub.execute("nobodyHasThis", Void.class);
        case "slow":
          return slow(stub);
        case "timeout":
          ActivityOptions short_ = options(ask).setStartToCloseTimeout(Duration.ofSeconds(1)).build();
          return Workflow.newUntypedActivityStub(short_).execute("slow", Void.class);
        case "attempts":
        case "progress":
          RetryOptions retries =
              new RetryOptions.Builder()
                  .setInitialInterval(Duration.ofSeconds(1))
                  .setBackoffCoefficient(1)
                  .setMaximumAttempts(3)
                  .setExpiration(Duration.ofSeconds(30))
                  .setDoNotRetry(OutOfStock.class)
                  .build();
          ActivityStub again =
              Workflow.newUntypedActivityStub(options(ask).setRetryOptions(retries).build());
          return ask.what.equals("progress")
              ? again.execute("progress", String.class)
              : again.execute("attempts", Void.class, ask.kind);
        default:
          return stub.execute("fail", Void.class, ask.kind);
      }
    }

    private ActivityOptions.Builder options(Ask ask) {
      return new ActivityOptions.Builder()
          .setTaskList(ask.taskList)
          .setScheduleToStartTimeout(Duration.ofSeconds(20))
          .setStartToCloseTimeout(Duration.ofSeconds(20))
          .setScheduleToCloseTimeout(Duration.ofSeconds(40))
          .setHeartbeatTimeout(Duration.ofSeconds(5));
    }

    private Object slow(ActivityStub stub) {
      Promise<?>[] running = new Promise<?>[1];
      CancellationScope scope =
          Workflow.newCancellationScope(
              () -> running[0] = stub.executeAsync("slow", Void.class));
      scope.run();
      Workflow.sleep(Duration.ofSeconds(1));
      scope.cancel();
      return running[0].get();
    }

    private ChildWorkflowStub stub(String name, Ask ask, int seconds) {
      return Workflow.newUntypedChildWorkflowStub(
          name,
          new ChildWorkflowOptions.Builder()
              .setTaskList(ask.taskList)
              .setExecutionStartToCloseTimeout(Duration.ofSeconds(seconds))
              .setMemo(Collections.singletonMap("who", "java"))
              .build());
    }

    private Object child(Ask ask) {
      switch (ask.what) {
        case "child":
          return stub("PyChild", ask, 40).execute(Receipt.class, ask.order);
        case "child fails":
          return stub("PyChildFails", ask, 40).execute(Void.class, ask.kind);
        case "child again":
          return stub("PyAgain", ask, 40).execute(List.class, 3, null);
        case "child memo":
          return stub("PyMemo", ask, 40).execute(Object.class);
        case "child tenant":
          return stub("PyTenant", ask, 40).execute(String.class);
        case "child times out":
          return stub("PyWaits", ask, 1).execute(List.class, ask.order);
        default:
          return talk(ask);
      }
    }

    private Object talk(Ask ask) {
      ChildWorkflowStub stub = stub("PyWaits", ask, 40);
      Promise<?>[] running = new Promise<?>[1];
      CancellationScope scope =
          Workflow.newCancellationScope(
              () -> running[0] = stub.executeAsync(List.class, ask.order));
      scope.run();
      WorkflowExecution execution = stub.getExecution().get();
      stub.signal("add", new Line("nut", 5, 0.25));
      if (ask.what.equals("child cancelled")) {
        scope.cancel();
      } else {
        Workflow.newUntypedExternalWorkflowStub(execution.getWorkflowId()).signal("stop");
      }
      return running[0].get();
    }
  }
}
