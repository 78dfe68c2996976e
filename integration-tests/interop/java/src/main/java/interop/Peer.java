package interop;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.uber.cadence.WorkflowExecution;
import com.uber.cadence.client.WorkflowClient;
import com.uber.cadence.client.WorkflowClientOptions;
import com.uber.cadence.client.WorkflowOptions;
import com.uber.cadence.client.WorkflowStub;
import com.uber.cadence.converter.JsonDataConverter;
import com.uber.cadence.serviceclient.ClientOptions;
import com.uber.cadence.serviceclient.IWorkflowService;
import com.uber.cadence.serviceclient.WorkflowServiceTChannel;
import com.uber.cadence.worker.Worker;
import com.uber.cadence.worker.WorkerFactory;
import interop.Values.Finding;
import interop.Values.Line;
import interop.Values.Order;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The Java side of the tests of calls between languages: a worker, and a starter that does one thing and tells it as
 * JSON. Its words are those of the Go side.
 */
public final class Peer {
  private static final Gson GSON = new Gson();

  private Peer() {}

  public static void main(String[] words) throws Exception {
    String[] address = words[0].split(":");
    IWorkflowService service =
        new WorkflowServiceTChannel(
            ClientOptions.newBuilder().setHost(address[0]).setPort(Integer.parseInt(address[1])).build());
    WorkflowClient client =
        WorkflowClient.newInstance(
            service,
            WorkflowClientOptions.newBuilder()
                .setDomain(words[1])
                .setContextPropagators(Collections.singletonList(new Tenant()))
                .build());
    String[] rest = Arrays.copyOfRange(words, 3, words.length);
    if (words[2].equals("worker")) {
      work(client, rest[0]);
    } else {
      act(client, words[1], words[2], rest);
    }
    System.exit(0);
  }

  private static void work(WorkflowClient client, String taskList) throws InterruptedException {
    WorkerFactory factory = WorkerFactory.newInstance(client);
    Worker worker = factory.newWorker(taskList);
    worker.registerWorkflowImplementationTypes(
        Workflows.ChildDeeds.class,
        Workflows.ChildFailsDeeds.class,
        Workflows.ChildTenantDeeds.class,
        Workflows.AgainDeeds.class,
        Workflows.WaitsDeeds.class,
        Calls.Deeds.class);
    worker.registerActivitiesImplementations(new Activities.Deeds());
    factory.start();
    System.out.println("ready");
    Runtime.getRuntime().addShutdownHook(new Thread(factory::shutdownNow));
    new CountDownLatch(1).await();
  }

  private static void act(WorkflowClient client, String domain, String mode, String[] rest) throws Exception {
    String tenant = System.getenv("PEER_TENANT");
    if (tenant != null && !tenant.isEmpty()) {
      Tenant.HERE.set(tenant);
    }
    switch (mode) {
      case "start":
        start(client, rest);
        break;
      case "signal":
        client.newUntypedWorkflowStub(rest[0], Optional.empty(), Optional.empty()).signal(rest[1], typed(rest, 2));
        break;
      case "query":
        WorkflowStub asked = client.newUntypedWorkflowStub(rest[0], Optional.empty(), Optional.empty());
        tell(() -> asked.query(rest[1], Object.class, typed(rest, 2)));
        break;
      case "cancel":
        client.newUntypedWorkflowStub(rest[0], Optional.empty(), Optional.empty()).cancel();
        break;
      case "complete":
        WorkflowExecution execution = new WorkflowExecution().setWorkflowId(rest[0]);
        client.newActivityCompletionClient().complete(execution, rest[1], rest[2]);
        break;
      case "complete-token":
        client.newActivityCompletionClient().complete(Base64.getDecoder().decode(rest[0]), rest[1]);
        break;
      default:
        throw new IllegalArgumentException("unknown mode " + mode);
    }
  }

  private static void start(WorkflowClient client, String[] rest) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            rest[2],
            new WorkflowOptions.Builder()
                .setTaskList(rest[0])
                .setWorkflowId(rest[1])
                .setExecutionStartToCloseTimeout(Duration.ofSeconds(45))
                .setMemo(Collections.singletonMap("who", "java"))
                .setContextPropagators(Collections.singletonList(new Tenant()))
                .build());
    stub.start(typed(rest, 3));
    tell(() -> stub.getResult(50, TimeUnit.SECONDS, Object.class));
  }

  private interface Call {
    Object run() throws Exception;
  }

  private static void tell(Call call) {
    Finding finding;
    try {
      finding = Finding.of(call.run());
    } catch (Exception error) {
      finding = Finding.of(error);
    }
    System.out.println(GSON.toJson(finding));
  }

  private static Object[] typed(String[] texts, int from) {
    Object[] values = new Object[texts.length - from];
    for (int index = 0; index < values.length; index++) {
      String text = texts[index + from];
      JsonElement element = JsonParser.parseString(text);
      boolean isObject = element.isJsonObject();
      Class<?> kind =
          isObject && element.getAsJsonObject().has("id")
              ? Order.class
              : isObject ? Line.class : text.matches("\\d+") ? Long.class : Object.class;
      values[index] = JsonDataConverter.getInstance().fromData(text.getBytes(), kind, kind);
    }
    return values;
  }
}
