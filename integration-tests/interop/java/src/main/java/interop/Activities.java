package interop;

import com.uber.cadence.activity.Activity;
import com.uber.cadence.activity.ActivityMethod;
import interop.Values.Order;
import interop.Values.Receipt;
import java.util.List;
import java.util.Optional;

/** The activities that Python calls. */
public interface Activities {
  @ActivityMethod(name = "javaPrice")
  Receipt price(Order order);

  @ActivityMethod(name = "javaSum")
  long sum(List<Long> numbers);

  @ActivityMethod(name = "javaOptional")
  String optional(String text);

  @ActivityMethod(name = "javaReverse")
  byte[] reverse(byte[] data);

  @ActivityMethod(name = "javaSeveral")
  String several(String name, int count, List<String> words, Order order);

  @ActivityMethod(name = "javaNothing")
  void nothing();

  @ActivityMethod(name = "javaFail")
  void fail(String kind);

  @ActivityMethod(name = "javaSlow")
  void slow();

  @ActivityMethod(name = "javaProgress")
  String progress();

  @ActivityMethod(name = "javaAttempts")
  void attempts(String reason);

  @ActivityMethod(name = "javaLater")
  String later();

  @ActivityMethod(name = "javaTenant")
  String tenant();

  /** What they do. */
  class Deeds implements Activities {
    @Override
    public Receipt price(Order order) {
      return Values.priced(order);
    }

    @Override
    public long sum(List<Long> numbers) {
      return numbers.stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String optional(String text) {
      return text;
    }

    @Override
    public byte[] reverse(byte[] data) {
      byte[] reversed = new byte[data.length];
      for (int index = 0; index < data.length; index++) {
        reversed[data.length - 1 - index] = data[index];
      }
      return reversed;
    }

    @Override
    public String several(String name, int count, List<String> words, Order order) {
      return name + " " + count + " " + words + " " + (order == null);
    }

    @Override
    public void nothing() {}

    @Override
    public void fail(String kind) {
      throw Values.failure(kind);
    }

    @Override
    public void slow() {
      while (true) {
        Activity.heartbeat("slow");
        try {
          Thread.sleep(50);
        } catch (InterruptedException error) {
          throw Activity.wrap(error);
        }
      }
    }

    @Override
    public String progress() {
      Optional<String> left = Activity.getHeartbeatDetails(String.class);
      if (!left.isPresent()) {
        Activity.heartbeat("page 7");
        throw new IllegalStateException("try again");
      }
      return left.get() + " in attempt " + Activity.getTask().getAttempt();
    }

    @Override
    public void attempts(String reason) {
      if (reason.equals("OutOfStock")) {
        throw Values.failure("custom");
      }
      throw new IllegalStateException("attempt " + Activity.getTask().getAttempt());
    }

    @Override
    public String later() {
      Activity.doNotCompleteOnReturn();
      return null;
    }

    @Override
    public String tenant() {
      return Tenant.HERE.get();
    }
  }
}
