import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A YARN of one node on loopback, from Hadoop's own jars: it really starts containers. They see this machine's files.
 *
 * <pre>{@code java -Dyarn.log.dir=FOLDER -cp 'target/stores/*' Yarn.java FOLDER}</pre>
 *
 * It works in the folder {@code target} of the current one. Writes the configuration for clients into {@code FOLDER/conf}, prints that it did, and runs until it is ended.
 */
public final class Yarn {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Configuration wanted = new YarnConfiguration();
        wanted.set("fs.defaultFS", "file:///");
        wanted.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
        wanted.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, 4096);
        wanted.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
        wanted.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
        wanted.setBoolean(YarnConfiguration.NM_DISK_HEALTH_CHECK_ENABLE, false); // a full disk is another test's matter
        wanted.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 256);
        wanted.set(YarnConfiguration.NM_VCORES, "4");
        wanted.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1.0");
        wanted.set("yarn.scheduler.capacity.root.queues", "default");
        wanted.set("yarn.scheduler.capacity.root.default.capacity", "100");
        MiniYARNCluster cluster = new MiniYARNCluster("yarn", 1, 1, 1);
        cluster.init(wanted);
        cluster.start();
        if (!cluster.waitForNodeManagersToConnect(60_000)) {
            throw new IllegalStateException("the node must connect within a minute");
        }
        Path conf = Files.createDirectories(folder.resolve("conf"));
        for (String file : new String[] {"core-site.xml", "yarn-site.xml"}) {
            try (OutputStream out = Files.newOutputStream(conf.resolve(file))) {
                cluster.getConfig().writeXml(out);
            }
        }
        System.out.println("listening with " + conf);
    }
}
