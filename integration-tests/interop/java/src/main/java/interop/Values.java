package interop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What goes from one language to the other. */
final class Values {
  private Values() {}

  /** One position of an order. */
  static class Line {
    String item;
    int count;
    double price;

    Line() {}

    Line(String item, int count, double price) {
      this.item = item;
      this.count = count;
      this.price = price;
    }
  }

  /** A field of every kind that both languages know. */
  static class Order {
    String id;
    List<Line> lines;
    String note;
    Line gift;
    Map<String, String> tags;
    byte[] seal;
    Duration patient;
    long big;
  }

  /** What an order costs, and who says so. */
  static class Receipt {
    double total;
    Order order;
    String by;
  }

  /** Tells the calling workflow what to try, and where the other side polls. */
  static class Ask {
    String what;
    String taskList;
    String kind;
    Order order;
  }

  /** What a call gave. */
  static class Finding {
    String kind = "value";
    Object value;
    String message;
    List<String> causes = new ArrayList<>();

    static Finding of(Object value) {
      Finding finding = new Finding();
      finding.value = value;
      return finding;
    }

    static Finding of(Throwable error) {
      Finding finding = new Finding();
      finding.kind = error.getClass().getSimpleName();
      finding.message = String.valueOf(error.getMessage());
      for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
        finding.causes.add(cause.getClass().getName() + ": " + cause.getMessage());
        if (cause instanceof OutOfStock) {
          OutOfStock known = (OutOfStock) cause;
          finding.value = known.count + " " + known.item;
        }
      }
      return finding;
    }
  }

  /** Known to Python under its name. */
  static class OutOfStock extends RuntimeException {
    String item;
    int count;

    OutOfStock(String item, int count, Throwable cause) {
      super(count + " " + item + " are missing", cause);
      this.item = item;
      this.count = count;
    }
  }

  static Receipt priced(Order order) {
    Receipt receipt = new Receipt();
    receipt.order = order;
    receipt.by = "java";
    for (Line line : order.lines) {
      receipt.total += line.price * line.count;
    }
    return receipt;
  }

  static RuntimeException failure(String kind) {
    Throwable cause = new IllegalStateException("the box is wet", new IOException("it rains"));
    return kind.equals("custom")
        ? new OutOfStock("bolt", 3, cause)
        : new IllegalArgumentException("the shelf fell down", cause);
  }
}
